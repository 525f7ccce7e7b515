// Why a zone is one, as most of its people would say it.
import { minutes, typeset } from './french.ts';
import type { Question } from './question.ts';
import { say } from './wording.ts';

/** The server names what a venue in reach lacks; that there is none is said with the minutes asked. */
export function reasonInWords(reason: string, label: string, question: Question): string {
  return reason === 'none' ? say('zones.reason.none', { minutes: minutes(question.minutes) }) : typeset(label);
}
