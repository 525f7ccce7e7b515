// Says what the colours mean. The classes are the server's: the map's style and this list come from one definition.
import { element, part } from './element.ts';
import { number, typeset } from './french.ts';
import type { LegendDefinition, MapStyle, ValueClass } from './server.ts';
import { say } from './wording.ts';

function entry(swatch: HTMLElement, words: string): HTMLElement {
  swatch.classList.add('swatch');
  swatch.setAttribute('aria-hidden', 'true');
  return element('li', {}, swatch, typeset(words));
}

function coloured(colour: string): HTMLElement {
  const swatch = element('span');
  swatch.style.background = colour;
  return swatch;
}

let priorityShown = true;
let onPriority: (shown: boolean) => void = () => undefined;

/** Open beside a wide map; on a phone it would hide the map it explains, so it waits folded. */
export function startLegend(onPriorityToggle: (shown: boolean) => void): void {
  onPriority = onPriorityToggle;
  part<HTMLDetailsElement>('legend').open = matchMedia('(min-width: 761px)').matches;
}

export function showLegend({ metadata, layers }: MapStyle, filtered: boolean): void {
  const legend = metadata['maillage:legend'];
  if (legend === undefined) return;
  part('legend-title').textContent = typeset(legend.title);
  part('legend-ramp').replaceChildren(...legend.classes.map(({ colour }) => coloured(colour)));
  const classes = legend.second ? crossed(legend) : legend.classes.map(({ colour, label }) => entry(coloured(colour), label));
  const others = [
    ...(legend.no_road ? [entry(coloured(legend.no_road.colour), legend.no_road.label)] : []),
    entry(coloured(legend.no_data.colour), legend.no_data.label || say('legend.noData')),
    ...(legend.estimated_hatch ? [entry(element('span', { class: 'hatched estimated' }), legend.estimated_hatch)] : []),
    ...(legend.hatch === null ? [] : [entry(element('span', { class: 'hatched' }), legend.hatch)]),
    entry(outlined(layers, 'zones-line'), say('legend.zone')),
    ...prioritised(layers),
    entry(element('span', { class: 'venue' }), say(filtered ? 'legend.venue.fits' : 'legend.venue')),
    ...clustered(layers, filtered),
    ...(filtered
      ? [
          entry(element('span', { class: 'venue unknown' }), say('legend.venue.unknown')),
          entry(element('span', { class: 'venue other' }), say('legend.venue.other')),
        ]
      : []),
  ];
  const method = legend.method_label ?? (legend.estimated ? say('legend.estimated') : null);
  part('legend-method').textContent = typeset(method ?? '');
  part('legend-classes').replaceChildren(...classes, ...others);
  part('legend').hidden = false;
}

/** Two attributes crossed are a square: farther to the right, more fragile upwards. Its list is for who does not see it. */
function crossed({ classes }: LegendDefinition): HTMLElement[] {
  const columns = Math.round(Math.sqrt(classes.length));
  const rows = Array.from({ length: columns }, (_, rank) => classes.filter((_one, at) => at % columns === columns - 1 - rank));
  const square = element('span', { class: 'square' });
  for (const { colour, label } of rows.flat()) {
    const cell = coloured(colour);
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

/** From afar venues are circles with their number. */
function clustered(layers: MapStyle['layers'], filtered: boolean): HTMLElement[] {
  if (!layers.some(({ id }) => id === 'venue-clusters')) return [];
  return [entry(element('span', { class: 'venue cluster' }, '12'), say(filtered ? 'legend.cluster.fits' : 'legend.cluster'))];
}

/** A stroke is the style's to choose. */
function outlined(layers: MapStyle['layers'], id: string): HTMLElement {
  const swatch = element('span', { class: 'outlined' });
  const layer = layers.find((one) => one.id === id);
  const colour = layer?.type === 'line' ? layer.paint?.['line-color'] : undefined;
  if (typeof colour === 'string') swatch.style.borderColor = colour;
  return swatch;
}

/** Priority areas are drawn over everything, so they can be taken off. */
function prioritised(layers: MapStyle['layers']): HTMLElement[] {
  if (!layers.some(({ id }) => id === 'priority-quarters')) return [];
  const rural = outlined(layers, 'priority-rural');
  rural.classList.add('dashed');
  const box = element('input', { type: 'checkbox', id: 'legend-priority' });
  box.checked = priorityShown;
  box.addEventListener('change', () => {
    priorityShown = box.checked;
    onPriority(priorityShown);
  });
  const toggled = entry(outlined(layers, 'priority-quarters'), '');
  toggled.append(element('label', { for: box.id }, say('legend.quarter')), box);
  return [toggled, entry(rural, say('legend.rural'))];
}
