// The ten zones where most people are past the threshold; choosing one shows it on the map.
import { people } from './answer.ts';
import { element, part } from './element.ts';
import { count, minutes, typeset } from './french.ts';
import type { Question } from './question.ts';
import type { Zone, Zones } from './server.ts';
import { say } from './wording.ts';

export const listed = 10;

export function showZones(zones: Zones, question: Question, onChoose: (zone: Zone) => void): void {
  const { totals, features } = zones;
  part('zones-total').textContent =
    features.length === 0
      ? say('zones.none', { minutes: minutes(question.minutes) })
      : say('answer.zones', { zones: count(totals.zones, say('zones.one'), say('zones.several')), people: people(totals.population) });
  const buttons = features.slice(0, listed).map((zone) => zoneButton(zone, question.filters.length > 0));
  part('zones').replaceChildren(...buttons.map((button) => element('li', {}, button)));
  buttons.forEach((button, rank) => {
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      const zone = features[rank];
      if (zone !== undefined) onChoose(zone);
    });
  });
}

/** Unfiltered, every zone has the same reason: no venue at hand. */
function zoneButton({ properties }: Zone, reasoned: boolean): HTMLButtonElement {
  const facts = [
    properties.access_min === null ? null : say('zones.median', { minutes: minutes(properties.access_min) }),
    properties.nearest_venue === null ? null : say('zones.nearest', { name: properties.nearest_venue }),
    reasoned && properties.reason_label !== '' ? typeset(properties.reason_label) : null,
  ].filter((fact) => fact !== null);
  return element(
    'button',
    { type: 'button', class: 'zone', 'aria-pressed': 'false', title: say('zones.show') },
    element('strong', {}, properties.name),
    element('span', { class: 'people' }, people(properties.population)),
    element('span', { class: 'facts' }, facts.join(' · ')),
  );
}
