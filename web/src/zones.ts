// The ten zones where most people are past the threshold; choosing one shows it on the map.
import { people } from './answer.ts';
import { element, part } from './element.ts';
import { count, isPlural, minutes, number } from './french.ts';
import type { Question } from './question.ts';
import { reasonInWords } from './reason.ts';
import { hasTable } from './rows.ts';
import type { Zone, Zones } from './server.ts';
import { say } from './wording.ts';

export const listed = 10;

export function showZones(zones: Zones, question: Question, onChoose: (zone: Zone) => void): void {
  const { totals, features } = zones;
  part('zones-total').textContent =
    features.length === 0
      ? say('zones.none', { minutes: minutes(question.minutes) })
      : say(isPlural(totals.population) ? 'answer.zones' : 'answer.zones.one', { zones: count(totals.zones, say('zones.one'), say('zones.several')), people: people(totals.population) });
  part('zones-all').hidden = totals.zones <= listed || !hasTable('zones');
  const buttons = features.slice(0, listed).map((zone) => zoneButton(zone, question));
  part('zones').replaceChildren(...buttons.map((button) => element('li', {}, button)));
  buttons.forEach((button, rank) => {
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      const zone = features[rank];
      if (zone !== undefined) onChoose(zone);
    });
  });
}

function zoneButton({ properties }: Zone, question: Question): HTMLButtonElement {
  const { access_min: median, access_min_max: longest, fragile_population: fragile } = properties;
  const facts = [
    median === null ? null : longest === null ? say('zones.median', { minutes: minutes(median) }) : say('zones.times', { median: minutes(median), longest: number(longest) }),
    fragile === 0 ? null : say('zones.fragile', { count: number(fragile) }),
  ].filter((fact) => fact !== null);
  const why = [
    reasonInWords(properties.reason, properties.reason_label, question),
    properties.nearest_venue === null ? null : say('zones.nearest', { name: properties.nearest_venue }),
  ].filter((words) => words !== null);
  return element(
    'button',
    { type: 'button', class: 'zone', 'aria-pressed': 'false', title: say('zones.show') },
    element('strong', {}, properties.name),
    element('span', { class: 'people' }, people(properties.population)),
    element('span', { class: 'facts' }, facts.join(' · ')),
    element('span', { class: 'facts reason' }, why.join(' · ')),
  );
}
