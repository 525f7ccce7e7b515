// Finds a territory by name: the ARIA combobox pattern, with the server's answers as the list.
import { element, part } from './element.ts';
import { count, number } from './french.ts';
import { Problem, searchTerritories, type Territory } from './server.ts';
import { hasWording, say } from './wording.ts';

type Found = Required<Territory>;

// Long enough to skip most keystrokes of a quick typist, short enough not to be felt.
const pause = 120;

export function startSearch(onChoose: (territory: Found) => void): void {
  const field = part<HTMLInputElement>('search-field');
  const results = part('search-results');
  const status = part('search-status');
  let found: readonly Found[] = [];
  let highlighted = -1;
  let asking: AbortController | null = null;
  let timer = 0;

  const close = (): void => {
    asking?.abort();
    clearTimeout(timer);
    results.hidden = true;
    highlighted = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };

  const highlight = (index: number): void => {
    highlighted = index;
    [...results.children].forEach((option, rank) => {
      option.setAttribute('aria-selected', String(rank === index));
      if (rank === index) option.scrollIntoView({ block: 'nearest' });
    });
    field.setAttribute('aria-activedescendant', `search-result-${index}`);
  };

  const choose = (territory: Found | undefined): void => {
    if (territory === undefined) return;
    field.value = '';
    close();
    status.textContent = '';
    onChoose(territory);
  };

  const show = (words: string | null): void => {
    results.replaceChildren(
      ...(words === null
        ? found.map((territory, rank) => resultOption(territory, rank, () => choose(territory)))
        : [element('li', { role: 'presentation', class: 'none' }, words)]),
    );
    status.textContent =
      words ?? say('search.found', { count: count(found.length, say('search.one'), say('search.several')) });
    results.hidden = false;
    field.setAttribute('aria-expanded', 'true');
    if (words === null) highlight(0);
  };

  const ask = async (): Promise<void> => {
    asking?.abort();
    const text = field.value.trim();
    if (text.length < 2) {
      close();
      return;
    }
    asking = new AbortController();
    const { signal } = asking;
    try {
      found = await searchTerritories(text, signal);
      if (!signal.aborted) show(found.length === 0 ? say('search.none') : null);
    } catch (failure) {
      if (signal.aborted) return;
      found = [];
      show(failure instanceof Problem ? failure.message : say('error.unreachable'));
    }
  };

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), pause);
  });
  field.addEventListener('keydown', (event) => {
    const open = !results.hidden && found.length > 0;
    if (event.key === 'Escape') {
      if (results.hidden) field.value = '';
      close();
    } else if (event.key === 'Enter' && open) {
      choose(found[highlighted]);
    } else if (event.key === 'ArrowDown' && open) {
      highlight((highlighted + 1) % found.length);
    } else if (event.key === 'ArrowUp' && open) {
      highlight((highlighted + found.length - 1) % found.length);
    } else {
      return;
    }
    event.preventDefault();
  });
  // Leaving the field closes the list, but a press on the list itself must still count.
  field.addEventListener('blur', close);
  results.addEventListener('pointerdown', (event) => event.preventDefault());
}

function resultOption(territory: Found, rank: number, onClick: () => void): HTMLElement {
  const kind = `kind.${territory.kind}`;
  const kindWords = hasWording(kind) ? say(kind) : territory.kind;
  // A commune's context is its département; the others' already says what they are.
  const context = territory.context?.replace(/^EPCI\b/, say('kind.epci'));
  const where = territory.kind === 'commune' ? [kindWords, context] : [context || kindWords];
  const option = element(
    'li',
    { role: 'option', id: `search-result-${rank}`, 'aria-selected': 'false' },
    element('strong', {}, territory.name),
    element('span', {}, [...where, say('search.people', { count: number(territory.population) })].filter(Boolean).join(' · ')),
  );
  option.addEventListener('click', onClick);
  return option;
}
