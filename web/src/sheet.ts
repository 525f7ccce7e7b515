// On a phone the panel is a sheet over the map, low or high; on a desk it is a column and this does nothing visible.
import { part } from './element.ts';
import { say } from './wording.ts';

// A shorter move is a clumsy tap.
const swipe = 24;

export function startSheet(): void {
  const handle = part<HTMLButtonElement>('sheet');
  const set = (high: boolean): void => {
    handle.setAttribute('aria-expanded', String(high));
    handle.setAttribute('aria-label', say(high ? 'sheet.close' : 'sheet.open'));
    part('panel').classList.toggle('high', high);
  };
  set(false);
  let from = 0;
  let swiped = false;
  handle.addEventListener('pointerdown', (event) => {
    from = event.clientY;
    swiped = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointerup', (event) => {
    const moved = event.clientY - from;
    swiped = Math.abs(moved) > swipe;
    if (swiped) set(moved < 0);
  });
  handle.addEventListener('click', () => {
    // The browser sends a click after a swipe too, and that one has been answered.
    if (!swiped) set(handle.getAttribute('aria-expanded') !== 'true');
    swiped = false;
  });
}

/** Brings the map into view, for a choice whose answer is drawn there. */
export function lowerSheet(): void {
  const handle = part<HTMLButtonElement>('sheet');
  if (handle.getAttribute('aria-expanded') === 'true') handle.click();
}
