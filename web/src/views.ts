// The parts of a territory that oceans scatter: mainland, then each territory overseas, a button each.
import { element, part } from './element.ts';
import type { View } from './server.ts';

export function showViews(views: readonly View[], onChoose: (view: View) => void): void {
  const nav = part('views');
  nav.hidden = views.length < 2;
  nav.replaceChildren(
    ...views.map((view) => {
      const button = element('button', { type: 'button' }, view.name);
      button.addEventListener('click', () => onChoose(view));
      return button;
    }),
  );
}
