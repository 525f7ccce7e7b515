// The question in plain French. Whatever is asked must be said: a filter this page has no words for is quoted as it is.
import { list, minutes } from './french.ts';
import { where, type Named } from './perimeter.ts';
import type { Filter, Question } from './question.ts';
import { labelOf } from './vocabulary.ts';
import { hasWording, say } from './wording.ts';

// What a venue is for takes an article.
const services: Readonly<Record<string, string>> = {
  'acquisition-de-materiel-informatique-a-prix-solidaire': "l'acquisition de matériel informatique à prix solidaire",
  'aide-aux-demarches-administratives': "l'aide aux démarches administratives",
  'maitrise-des-outils-numeriques-du-quotidien': 'la maîtrise des outils numériques du quotidien',
  'insertion-professionnelle-via-le-numerique': "l'insertion professionnelle via le numérique",
  'utilisation-securisee-du-numerique': "l'utilisation sécurisée du numérique",
  'parentalite-et-education-avec-le-numerique': 'la parentalité et l’éducation avec le numérique',
  'loisirs-et-creations-numeriques': 'les loisirs et créations numériques',
  'comprehension-du-monde-numerique': 'la compréhension du monde numérique',
  'acces-internet-et-materiel-informatique': "l'accès à internet et au matériel informatique",
};

// Filters whose values are said as they are; the others' values are quoted after the filter's name.
const adjectives: Readonly<Record<string, readonly string[]>> = {
  fee: ['free', 'conditional', 'paid', 'membership', 'pass-numerique'],
  reception: ['onsite', 'itinerant'],
};
const quoted = ['public', 'care', 'support', 'entry', 'programme', 'label', 'typology'];

export function sentence(question: Question, territories: readonly Named[]): string {
  const floor = question.filters.find(([name]) => name === 'fragility_min')?.[1];
  const filters = question.filters.filter(([name]) => name !== 'fragility_min');
  const criteria = filters.map(criterion).filter((text) => text !== null);
  const others = filters.filter((filter) => criterion(filter) === null);
  return say('sentence', {
    people: floor === undefined ? say('sentence.people') : say('sentence.fragile', { floor }),
    minutes: minutes(question.minutes),
    by: say(`by.${question.mode}`),
    venue: say('sentence.venue', { criteria: criteria.length === 0 ? '' : ` ${list(criteria)}` })
      + others.map(([name, value]) => say('sentence.other', { name, value })).join(''),
    where: where(territories),
  });
}

/** What a filter asks of a venue, or null where the page has no words for it. */
export function criterion([name, value]: Filter): string | null {
  const values = value.split(',').filter((one) => one !== '');
  if (values.length === 0) return null;
  const said = values.map((one) => oneCriterion(name, one));
  return said.some((text) => text === null) ? null : said.join(' ou ');
}

function oneCriterion(name: string, value: string): string | null {
  if (name === 'open') {
    const when = openingTime(value);
    return when === null ? null : say('criterion.open', { when });
  }
  if (Object.hasOwn(adjectives, name) && adjectives[name]?.includes(value)) {
    const key = `criterion.${value}`;
    return hasWording(key) ? say(key) : null;
  }
  if (name === 'service') return say('criterion.service', { value: (Object.hasOwn(services, value) ? services[value] : null) ?? `« ${value.replaceAll('-', ' ')} »` });
  const key = `criterion.${name}`;
  return quoted.includes(name) && hasWording(key) ? say(key, { value: labelOf(name, value) ?? value.replaceAll('-', ' ') }) : null;
}

function openingTime(value: string): string | null {
  const named = `open.${value}`;
  if (['saturday', 'weekend', 'evening'].includes(value) && hasWording(named)) return say(named);
  const [, day = '', hour = '', minute = ''] = /^(\w\w)-(\d\d):(\d\d)$/.exec(value) ?? [];
  const dayName = `day.${day}`;
  if (!hasWording(dayName)) return null;
  return say('open.at', { day: say(dayName), hour: `${Number(hour)}\u00a0h${minute === '00' ? '' : `\u00a0${minute}`}` });
}
