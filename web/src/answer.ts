// The headline: how many people, what share, how long it takes.
import { element, part } from './element.ts';
import { count, minutes, number, percent } from './french.ts';
import { isFloored, type Question } from './question.ts';
import type { Answer, Diagnosis } from './server.ts';
import { say } from './wording.ts';

export function people(value: number): string {
  return count(value, say('answer.person'), say('answer.people'));
}

function figure(value: string, meaning: string, rank: 'main' | 'side'): HTMLElement {
  return element('div', { class: rank }, element('dt', {}, meaning), element('dd', {}, value));
}

export function showAnswer({ answer }: Diagnosis, question: Question): void {
  const beyond = say('answer.beyond', { minutes: minutes(question.minutes) });
  const share = answer.beyond_share === null ? say('unknown') : percent(answer.beyond_share);
  const median = answer.access_min === null ? say('unknown') : minutes(answer.access_min);
  const of = say(isFloored(question) ? 'answer.share.fragile' : 'answer.share');
  const unit = answer.beyond < 2 ? say('answer.person') : say('answer.people');
  part('figures').replaceChildren(
    figure(number(answer.beyond), `${unit} ${beyond}`, 'main'),
    figure(share, of, 'side'),
    figure(median, say('answer.median'), 'side'),
  );
  part('doubts').textContent = doubts(answer).join(' ');
  part('spoken').textContent = say('answer.spoken', {
    people: people(answer.beyond),
    minutes: minutes(question.minutes),
    share: `${share} ${of}`,
    median,
  });
}

/** What a reader must know before quoting the figure. */
function doubts(answer: Answer): string[] {
  const said: string[] = [];
  // An empty answer says why it is empty.
  if (answer.beyond_share === null) return [say('answer.nobody')];
  const isHopeless = answer.unreachable > 0 && answer.unreachable === answer.beyond && answer.access_min === null;
  if (isHopeless) said.push(say('answer.noVenue'));
  else if (answer.unreachable > 0) said.push(`${say('answer.unreachable', { people: people(answer.unreachable) })}.`);
  const unknown = answer.venues_unknown ?? 0;
  if (unknown > 0 && answer.beyond_if_unknown_fit !== undefined) {
    said.push(
      say(unknown < 2 ? 'answer.unknown' : 'answer.unknowns', {
        venues: count(unknown, say('venue.one'), say('venue.several')),
        people: people(answer.beyond_if_unknown_fit),
      }),
    );
  }
  return said;
}

/** Figures stay readable, only paler, while the next ones are computed. */
export function markWaiting(waiting: boolean): void {
  part('panel').setAttribute('aria-busy', String(waiting));
  if (waiting) part('spoken').textContent = say('wait.answer');
}
