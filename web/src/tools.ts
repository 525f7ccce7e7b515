// The toolbar over the map: arrows go from one of its buttons to the next, whoever put them there.
import { part } from './element.ts';

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

export function startTools(): void {
  const bar = part('tools');
  bar.addEventListener('keydown', (event) => {
    const buttons = [...bar.querySelectorAll('button')].filter((one) => !one.disabled && one.offsetParent !== null);
    const at = buttons.findIndex((one) => one === document.activeElement);
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : at + (steps[event.key] ?? 0);
    if (at === -1 || to === at) return;
    event.preventDefault();
    buttons.at(to % buttons.length)?.focus();
  });
}
