// « Partager »: the link of the question shown, and the HTML that shows it elsewhere.
import { element, part } from './element.ts';
import type { Question, Setting } from './question.ts';
import { elementCode, frameCode, isLocal } from './snippet.ts';
import { say } from './wording.ts';

export interface Shared {
  readonly question: Question;
  readonly setting: Setting;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

export function startShare(shared: () => Shared): void {
  const link = element('input', { id: 'share-link', type: 'text', readonly: '', spellcheck: 'false', dir: 'ltr' });
  const frame = element('textarea', { id: 'share-frame', readonly: '', rows: '4', spellcheck: 'false' });
  const custom = element('textarea', { id: 'share-element', readonly: '', rows: '4', spellcheck: 'false' });
  const view = element('input', { id: 'share-view', type: 'checkbox' });
  const kept = element('p', { class: 'check' }, view, element('label', { for: view.id }, say('share.view')));
  const close = element('button', { type: 'button', class: 'close', 'aria-label': say('share.close') });
  const state = element('p', { id: 'share-state', class: 'quiet', role: 'status' });
  const local = element('p', { id: 'share-local', class: 'quiet' }, say('share.local'));
  const dialog = element(
    'dialog',
    { id: 'share-dialog', 'aria-labelledby': 'share-title' },
    element('h2', { id: 'share-title' }, say('share.title')),
    close,
    local,
    row(link, say('share.link'), say('share.link.copy'), state),
    element('h3', {}, say('share.embed')),
    kept,
    row(frame, say('share.frame'), say('share.frame.copy'), state),
    row(custom, say('share.element'), say('share.element.copy'), state),
    state,
  );
  part('frame').after(dialog);

  const write = (): void => {
    const home = new URL('.', location.href).href;
    const title = part('sentence').textContent ?? '';
    const shown = { ...shared(), home, title, camera: view.checked ? location.hash : '' };
    link.value = location.href;
    frame.value = frameCode(shown);
    custom.value = elementCode(shown);
  };
  local.hidden = !isLocal(location.hostname);
  view.addEventListener('change', write);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom)) dialog.close();
  });
  // Escape closes the dialog alone, not the card under it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  addEventListener('popstate', () => dialog.close());
  part('share').addEventListener('click', () => {
    state.textContent = '';
    // A map nobody moved shows its territory whole, whatever the size of its frame.
    kept.hidden = location.hash === '';
    write();
    dialog.showModal();
    dialog.querySelector<HTMLElement>('.copy')?.focus();
  });
}

function row(field: Field, label: string, action: string, state: HTMLElement): HTMLElement {
  const button = element('button', { type: 'button', class: 'copy', 'aria-label': action }, say('share.copy'));
  button.addEventListener('click', () => void copy(field).then((done) => (state.textContent = say(done ? 'share.copied' : 'share.selected', { what: label }))));
  field.addEventListener('focus', () => field.select());
  return element('div', { class: 'field' }, element('label', { for: field.id }, label), field, button);
}

/** Whether it was copied; else it is selected, for the reader to copy. */
async function copy(field: Field): Promise<boolean> {
  try {
    // Absent where the page is not served securely.
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand('copy');
  }
}
