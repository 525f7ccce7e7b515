// The page inside somebody's page: the sentence, the map and its legend, and the way to the whole.
import { element, part } from './element.ts';
import { permalink, type Question, type Setting } from './question.ts';
import { say } from './wording.ts';

export function startEmbed(shared: () => { readonly question: Question; readonly setting: Setting }): void {
  if (!shared().setting.embed) return;
  document.documentElement.classList.add('embed');
  const link = element('a', { id: 'whole-page', target: '_blank', rel: 'noopener' }, say('embed.open'));
  const lead = (): void => {
    const { question, setting } = shared();
    const query = permalink(question, { ...setting, embed: false });
    link.href = `${location.pathname}${query === '' ? '' : `?${query}`}${location.hash}`;
  };
  lead();
  // The question and the view may have changed since.
  for (const event of ['pointerdown', 'focus', 'click']) link.addEventListener(event, lead);
  part('panel').append(link);
}
