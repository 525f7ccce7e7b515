// Says what the colours mean. The classes are the server's: the map's style and this list come from one definition.
import { element, part } from './element.ts';
import { number, typeset } from './french.ts';
import { key, methodOf, type Entry, type Mark } from './key.ts';
import type { Metric } from './question.ts';
import type { LegendDefinition, MapStyle, ValueClass } from './server.ts';
import { say } from './wording.ts';

let priorityShown = true;
let onPriority: (shown: boolean) => void = () => undefined;
let shown: ShownLegend | null = null;

export interface ShownLegend {
  readonly metric: Metric;
  readonly title: string;
  readonly method: string;
  readonly entries: readonly Entry[];
}

/** Open beside a wide map; on a phone it would hide the map it explains, so it waits folded. */
export function startLegend(onPriorityToggle: (shown: boolean) => void): void {
  onPriority = onPriorityToggle;
  part<HTMLDetailsElement>('legend').open = matchMedia('(min-width: 761px)').matches;
}

/** The box of priority areas, as the map is. */
export function showPriority(wanted: boolean): void {
  priorityShown = wanted;
  const box = document.getElementById('legend-priority');
  if (box instanceof HTMLInputElement) box.checked = wanted;
}

export function showLegend(style: MapStyle, filtered: boolean): void {
  const legend = style.metadata['maillage:legend'];
  if (legend === undefined) return;
  const entries = key(style, filtered);
  shown = { metric: legend.metric, title: typeset(legend.title), method: typeset(methodOf(style)), entries };
  part('legend-title').textContent = shown.title;
  part('legend-ramp').replaceChildren(...legend.classes.map(({ colour }) => swatch({ kind: 'colour', colour })));
  part('legend-method').textContent = shown.method;
  const rows = entries.map(row);
  // Above the first of what can be taken off, the box that does so.
  const first = entries.findIndex(({ priority }) => priority);
  if (first >= 0) rows.splice(first, 0, priorityBox());
  part('legend-classes').replaceChildren(...(legend.second ? [...crossed(legend), ...rows.slice(legend.classes.length)] : rows));
  part('legend').hidden = false;
}

/** Two attributes crossed are a square: farther to the right, more fragile upwards. Its list is for who does not see it. */
function crossed({ classes }: LegendDefinition): HTMLElement[] {
  const columns = Math.round(Math.sqrt(classes.length));
  const rows = Array.from({ length: columns }, (_, rank) => classes.filter((_one, at) => at % columns === columns - 1 - rank));
  const square = element('span', { class: 'square' });
  for (const { colour, label } of rows.flat()) {
    const cell = swatch({ kind: 'colour', colour });
    cell.title = typeset(label);
    square.append(cell);
  }
  const limits = (of: (one: ValueClass) => number | null | undefined): string =>
    [...new Set(classes.map(of).filter((limit) => typeof limit === 'number'))].map((limit) => number(limit)).join(' · ');
  const axes = [
    element('span', { class: 'upwards' }, say('legend.fragile', { limits: limits((one) => one.second?.min) })),
    element('span', { class: 'onwards' }, say('legend.far', { limits: limits((one) => one.min) })),
  ];
  const drawn = element('li', { class: 'crossed', 'aria-hidden': 'true' }, square, ...axes);
  return [drawn, ...classes.map(({ label }) => element('li', { class: 'unseen' }, typeset(label)))];
}

/** What the legend explains of the map as it is now. */
export function shownLegend(): ShownLegend | null {
  return shown && { ...shown, entries: shown.entries.filter(({ priority }) => priorityShown || !priority) };
}

function row({ mark, words }: Entry): HTMLElement {
  const drawn = swatch(mark);
  drawn.classList.add('swatch');
  drawn.setAttribute('aria-hidden', 'true');
  return element('li', {}, drawn, typeset(words));
}

function priorityBox(): HTMLElement {
  const box = element('input', { type: 'checkbox', id: 'legend-priority' });
  box.checked = priorityShown;
  box.addEventListener('change', () => {
    priorityShown = box.checked;
    onPriority(priorityShown);
  });
  return element('li', { class: 'toggle' }, box, element('label', { for: box.id }, say('legend.priority')));
}

function swatch(mark: Mark): HTMLElement {
  if (mark.kind === 'hatch') return element('span', { class: mark.pattern === 'hatch' ? 'hatched' : 'hatched estimated' });
  if (mark.kind === 'venue') return element('span', { class: `venue ${mark.as}` }, mark.as === 'cluster' ? '12' : '');
  const drawn = element('span', mark.kind === 'outline' ? { class: mark.dashed ? 'outlined dashed' : 'outlined' } : {});
  if (mark.kind === 'colour') drawn.style.background = mark.colour;
  else if (mark.colour !== null) drawn.style.borderColor = mark.colour;
  return drawn;
}
