// How French writes numbers: decimal comma, narrow no-break space in thousands and before double punctuation.

export const narrow = '\u202f';
export const noBreak = '\u00a0';

/** At most `decimals` decimals, trailing zeros dropped: 1234.5 → « 1 234,5 ». */
export function number(value: number, decimals = 0): string {
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction = ''] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, narrow);
  const kept = fraction.replace(/0+$/, '');
  const sign = value < 0 && Number(fixed) !== 0 ? '−' : '';
  return sign + grouped + (kept === '' ? '' : `,${kept}`);
}

/** A share of 0–1. A small share is not written as none, nor an almost whole one as all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return `<${noBreak}0,1${narrow}%`;
  if (share < 1 && share >= 0.9995) return `>${noBreak}99,9${narrow}%`;
  return `${number(share * 100, 1)}${narrow}%`;
}

export function minutes(value: number): string {
  return `${number(value, value < 10 ? 1 : 0)}${noBreak}min`;
}

/** A distance as one would say it: tens of metres, then tenths of a kilometre. */
export function distance(metres: number): string {
  const near = Math.round(metres / 10) * 10;
  return near < 1000 ? `${number(near)}${noBreak}m` : `${number(metres / 1000, 1)}${noBreak}km`;
}

/** French counts one and a half as singular: the plural starts at two. */
export function isPlural(count: number): boolean {
  return Math.abs(count) >= 2;
}

export function count(value: number, one: string, several: string, decimals = 0): string {
  return `${number(value, decimals)}${noBreak}${isPlural(value) ? several : one}`;
}

/** « 1er mars 2026 », in the reader's time zone. */
export function day(date: Date): string {
  const month = date.toLocaleDateString('fr-FR', { month: 'long' });
  return `${date.getDate() === 1 ? '1er' : date.getDate()}${noBreak}${month}${noBreak}${date.getFullYear()}`;
}

/** « a, b et c ». */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} et ${items[items.length - 1]}`;
}

/** Ties `; : ! ? % »` to the word before and `«` to the word after, whatever space was typed. */
export function typeset(text: string): string {
  return text
    .replace(/[ \u00a0\u202f]+([;:!?%»])/g, `${narrow}$1`)
    .replace(/«[ \u00a0\u202f]*/g, `«${narrow}`)
    .replaceAll("'", '’');
}
