// People beyond, for every threshold: drawn over the slider so that its cliff shows where a promise changes lives.
import { drawing, part } from './element.ts';
import { minutes, number } from './french.ts';
import type { CurvePoint } from './server.ts';
import { say } from './wording.ts';

// The slider's own ends: the drawing sits exactly above its track.
const from = 5;
const to = 60;
const height = 100;

function across(at: number): number {
  return ((at - from) / (to - from)) * 100;
}

export function showCurve(curve: readonly CurvePoint[], threshold: number): void {
  const points = curve.filter((point) => point.minutes >= from && point.minutes <= to).sort((a, b) => a.minutes - b.minutes);
  const most = Math.max(0, ...points.map((point) => point.beyond));
  const first = points[0];
  const last = points.at(-1);
  if (most === 0 || first === undefined || last === undefined || first === last) {
    part('curve').replaceChildren();
    return;
  }
  const line = points.map((point) => `${across(point.minutes)} ${height - (point.beyond / most) * (height - 4)}`).join('L');
  const at = across(Math.min(to, Math.max(from, threshold)));
  const right = `M${at} 0H100V${height}H${at}Z`;
  const area = `M${across(first.minutes)} ${height}L${line}L${across(last.minutes)} ${height}Z`;
  const chart = drawing('svg', {
    viewBox: `0 0 100 ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${say('curve')} : ${points.map((point) => `${minutes(point.minutes)}, ${number(point.beyond)}`).join(' ; ')}`,
  });
  const clip = drawing('clipPath', { id: 'past-threshold' }, drawing('path', { d: right }));
  chart.append(
    clip,
    drawing('path', { class: 'within', d: area }),
    drawing('path', { class: 'past', d: area, 'clip-path': 'url(#past-threshold)' }),
    drawing('path', { class: 'edge', d: `M${line}` }),
    drawing('path', { class: 'threshold', d: `M${at} 0V${height}` }),
  );
  part('curve').replaceChildren(chart);
}
