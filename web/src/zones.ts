// The ten zones where most people are past the threshold; choosing one shows it on the map.
import { people } from './answer.ts';
import { element, part } from './element.ts';
import { count, minutes } from './french.ts';
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
  const buttons = features.slice(0, listed).map((zone) => zoneButton(zone));
  part('zones').replaceChildren(...buttons.map((button) => element('li', {}, button)));
  buttons.forEach((button, rank) => {
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      const zone = features[rank];
      if (zone !== undefined) onChoose(zone);
    });
  });
}

function zoneButton({ properties }: Zone): HTMLButtonElement {
  const facts = [
    properties.access_min === null ? null : say('zones.median', { minutes: minutes(properties.access_min) }),
    properties.nearest_venue === null ? null : say('zones.nearest', { name: properties.nearest_venue }),
    properties.reason_label === '' ? null : properties.reason_label,
  ].filter((fact) => fact !== null);
  return element(
    'button',
    { type: 'button', class: 'zone', 'aria-pressed': 'false', title: say('zones.show') },
    element('strong', {}, properties.name),
    element('span', { class: 'people' }, people(properties.population)),
    element('span', { class: 'facts' }, facts.join(' · ')),
  );
}
