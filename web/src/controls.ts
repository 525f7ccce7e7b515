// Threshold, mode and metric: native inputs, so that the keyboard and screen readers know them already.
import { element, part } from './element.ts';
import { minutes } from './french.ts';
import { metrics, modes, type Metric, type Mode, type Question } from './question.ts';
import { site } from './site.ts';
import { say, type Wording } from './wording.ts';

export interface Change {
  readonly mode?: Mode;
  readonly minutes?: number;
  readonly metric?: Metric;
}

function choice(group: string, value: string, words: Wording, note?: Wording): HTMLElement {
  const input = element('input', { type: 'radio', name: group, value, id: `${group}-${value}` });
  const label = element('label', { for: input.id }, say(words));
  if (note !== undefined) label.title = say(note);
  return element('div', { class: 'choice' }, input, label);
}

/** `settled` is false while the slider's thumb is still held. */
export function startControls(onChange: (change: Change, settled: boolean) => void): void {
  part('mode').append(...modes.map((mode) => choice('mode', mode, `mode.${mode}`)));
  part('metric').append(...metrics.map((metric) => choice('metric', metric, `metric.${metric}`, `metric.${metric}.note`)));
  part('controls').addEventListener('submit', (event) => event.preventDefault());
  part('mode').addEventListener('change', (event) => {
    const mode = modes.find((one) => one === (event.target as HTMLInputElement).value);
    if (mode !== undefined) onChange({ mode }, true);
  });
  part('metric').addEventListener('change', (event) => {
    const metric = metrics.find((one) => one === (event.target as HTMLInputElement).value);
    if (metric !== undefined) onChange({ metric }, true);
  });
  const slider = part<HTMLInputElement>('minutes');
  slider.addEventListener('input', () => onChange({ minutes: slider.valueAsNumber }, false));
  if (site !== null) fix(slider);
  slider.addEventListener('change', () => onChange({ minutes: slider.valueAsNumber }, true));
}

/** A site answers one question: what would ask another stays in sight, off, with the reason. */
function fix(slider: HTMLInputElement): void {
  slider.disabled = true;
  part<HTMLFieldSetElement>('mode').disabled = true;
  for (const off of [slider, part('mode')]) off.setAttribute('aria-describedby', 'fixed');
  part('mode').after(element('p', { id: 'fixed', class: 'quiet' }, say('site.fixed')));
}

export function showControls(question: Question): void {
  part<HTMLInputElement>(`mode-${question.mode}`).checked = true;
  part<HTMLInputElement>(`metric-${question.metric}`).checked = true;
  const slider = part<HTMLInputElement>('minutes');
  // A link may ask for 17 minutes, which the slider cannot show: the words beside it stay exact.
  if (slider.valueAsNumber !== question.minutes) slider.value = String(question.minutes);
  const words = say('minutes.live', { minutes: minutes(question.minutes) });
  part<HTMLOutputElement>('minutes-live').value = words;
  slider.setAttribute('aria-valuetext', words);
}
