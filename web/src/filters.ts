// Which venues count, and which people: native lists, which the keyboard, a phone and a screen reader know already.
import { element, part } from './element.ts';
import { typeset } from './french.ts';
import type { Filter, Question } from './question.ts';
import { criterion } from './sentence.ts';
import { site } from './site.ts';
import { slug, vocabularies, vocabulary } from './vocabulary.ts';
import { days } from './week.ts';
import { say, type Wording } from './wording.ts';

type Option = readonly [value: string, label: string];

interface Choice {
  readonly name: string;
  readonly label: Wording;
  /** What no filter is called. */
  readonly any: Wording;
  readonly options: readonly Option[];
  /** Where it stands in the page. */
  readonly within: 'venue-choices' | 'more-choices' | 'people-choices';
}

/** The moment one chooses oneself, in the list of moments. */
const precise = 'precise';
const usualMoment = 'sa-10:00';

const terms: readonly Choice[] = vocabularies.map((name) => ({
  name,
  label: `filter.${name}`,
  any: `filter.${name}.any`,
  options: vocabulary[name].map((label) => [slug(label), typeset(label)] as const),
  within: name === 'service' || name === 'public' ? 'venue-choices' : 'more-choices',
}));

const choices: readonly Choice[] = [
  ...terms.slice(0, 2),
  {
    name: 'fee',
    label: 'filter.fee',
    any: 'filter.fee.any',
    options: (['free', 'conditional', 'paid', 'membership', 'pass-numerique'] as const).map((fee) => [fee, say(`fee.${fee}`)] as const),
    within: 'venue-choices',
  },
  {
    name: 'open',
    label: 'filter.open',
    any: 'filter.open.any',
    options: [...(['saturday', 'weekend', 'evening'] as const).map((when) => [when, say(`open.${when}`)] as const), [precise, say('open.precise')]],
    within: 'venue-choices',
  },
  ...terms.slice(2),
  { name: 'reception', label: 'filter.reception', any: 'filter.reception.any', options: [['itinerant', say('filter.itinerant')]], within: 'more-choices' },
  {
    name: 'fragility_min',
    label: 'filter.fragility_min',
    any: 'filter.fragility_min.any',
    options: [4, 5, 6, 7, 8, 9].map((floor) => [String(floor), say('floor', { floor: String(floor) })] as const),
    within: 'people-choices',
  },
];

const listOf = (name: string): HTMLSelectElement => part<HTMLSelectElement>(`filter-${name}`);

function row({ name, label, any, options }: Choice): HTMLElement {
  const select = element('select', { id: `filter-${name}` }, ...[['', say(any)] as const, ...options].map(option));
  return element('div', { class: 'filter' }, element('label', { for: select.id }, say(label)), select);
}

function option([value, label]: Option): HTMLOptionElement {
  return element('option', { value }, label);
}

/** Those of the question shown, the ones without a list among them. */
let shown: readonly Filter[] = [];

export function startFilters(onChange: (filters: readonly Filter[]) => void): void {
  const change = (name: string, value: string): void => {
    const kept = shown.filter(([other]) => other !== name);
    onChange(value === '' ? kept : [...kept, [name, value]]);
  };
  for (const choice of choices) part(choice.within).append(row(choice));
  listOf('open').after(moment());
  for (const { name } of choices) {
    const select = listOf(name);
    select.disabled = site !== null;
    select.addEventListener('change', () => change(name, select.value === precise ? usualMoment : select.value));
  }
  part('moment').addEventListener('change', () => {
    const [day, hour] = [part<HTMLSelectElement>('moment-day').value, part<HTMLInputElement>('moment-hour').value];
    if (/^\d\d:\d\d$/.test(hour)) change('open', `${day}-${hour}`);
  });
}

/** A day and an hour, shown once one wants to choose them. */
function moment(): HTMLElement {
  const fixed: Record<string, string> = site === null ? {} : { disabled: '' };
  const day = element('select', { ...fixed, id: 'moment-day', 'aria-label': say('moment.day') }, ...days.map((one) => option([one, say(`day.${one}`)])));
  const hour = element('input', { ...fixed, id: 'moment-hour', type: 'time', step: '900', 'aria-label': say('moment.hour') });
  return element('span', { id: 'moment', hidden: '' }, day, hour);
}

function showMoment(day: string, hour: string): void {
  part('moment').hidden = false;
  part<HTMLSelectElement>('moment-day').value = day;
  part<HTMLInputElement>('moment-hour').value = hour;
}

export function showFilters({ filters }: Question): void {
  const before = shown;
  shown = filters;
  for (const { name, options, within } of choices) {
    const value = filters.filter(([other]) => other === name).map(([, one]) => one).join(',');
    const [, day, hour] = (name === 'open' && /^(mo|tu|we|th|fr|sa|su)-(\d\d:\d\d)$/.exec(value)) || [];
    const select = listOf(name);
    select.querySelector('.asked')?.remove();
    if (day !== undefined && hour !== undefined) {
      showMoment(day, hour);
      select.value = precise;
    } else {
      if (name === 'open') part('moment').hidden = true;
      // A link may ask for several values, or for one that is not offered here: it is shown as it is said.
      if (value !== '' && !options.some(([offered]) => offered === value)) {
        const asked = option([value, name === 'fragility_min' ? say('floor', { floor: value }) : (criterion([name, value]) ?? value)]);
        asked.className = 'asked';
        select.append(asked);
      }
      select.value = value;
    }
    select.classList.toggle('set', value !== '');
    // What narrows the question is in sight, until one folds it away.
    if (value !== '' && within === 'more-choices' && !before.some((one) => one[0] === name && one[1] === value)) part<HTMLDetailsElement>('more').open = true;
  }
}
