// Explains a number: by which parts of the way, and whether roads or a straight line gave it.
import { distance, minutes } from './french.ts';
import type { Leg, Times } from './server.ts';
import { say } from './wording.ts';

// Shorter, a leg is written as nought.
const felt = 0.05;

/** « 0,2 min à pied, 5,4 min en voiture (1,9 km), 0,1 min à pied »; a way all on foot is one walk, as long as the whole. */
export function wayInWords(legs: readonly Leg[]): string {
  const joined: Leg[] = [];
  for (const leg of legs) {
    const last = joined[joined.length - 1];
    if (last?.mode !== leg.mode) joined.push(leg);
    else joined[joined.length - 1] = { ...last, minutes: last.minutes + leg.minutes, metres: last.metres + leg.metres };
  }
  const [only, ...others] = joined;
  if (only !== undefined && others.length === 0) return say('way.only', { distance: distance(only.metres), by: say(`by.${only.mode}`) });
  const main = joined.reduce((longest, leg) => Math.max(longest, leg.metres), 0);
  return joined
    .filter((leg) => leg.minutes >= felt)
    .map((leg) => {
      const words = { minutes: minutes(leg.minutes), by: say(`by.${leg.mode}`) };
      return leg.metres === main ? say('way.ride', { ...words, distance: distance(leg.metres) }) : say('way.walk', words);
    })
    .join(', ');
}

/** What is known of one time, or of the times of many people: one of theirs estimated makes theirs partly so. */
export function methodOf(method: string | null, times: Times, people: 'many' | 'one'): 'routed' | 'partly' | 'estimated' | null {
  if (method === 'routed') return 'routed';
  if (method !== 'estimated') return null;
  return times === 'mixed' && people === 'many' ? 'partly' : 'estimated';
}

/** « calculé », « estimé en partie », « estimé ». */
export function methodInWords(method: ReturnType<typeof methodOf>): string {
  return method === null ? '' : say(`method.${method}`);
}
