import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typeset } from './french.ts';
import { say, wordingKeys } from './wording.ts';

const sources = readdirSync(import.meta.dirname).filter((name) => /\.ts$/.test(name) && !/(\.test|wording)\.ts$/.test(name));
const text = [...sources.map((name) => `${import.meta.dirname}/${name}`), `${import.meta.dirname}/../index.html`]
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

// Keys completed at run time: `say(`mode.${mode}`)` and the like.
const composed = /^(mode|by|method|venue\.times|metric|criterion|open|day|kind|filter|fee|equity|level)\./;

/** Without the spaces and apostrophes of typography, as one types. */
const typed = (words: string): string => typeset(words).replace(/[\s\u00a0\u202f]+/g, ' ').replaceAll('’', "'");

describe('the table of words', () => {
  it('holds no row that nothing says', () => {
    expect(wordingKeys.filter((key) => !composed.test(key) && !text.includes(`'${key}'`) && !text.includes(`{{${key}}}`))).toEqual([]);
  });

  it('has every button and control that the guide names, by that name', () => {
    const guide = readFileSync(`${import.meta.dirname}/../../docs/guide.md`, 'utf8');
    // Names begin with a capital; what is merely quoted or stressed does not.
    const named = [...guide.matchAll(/\*\*([^*]+)\*\*|«\s([^»]+?)\s»/g)].map(([, bold, quoted]) => typed(bold ?? quoted ?? '')).filter((words) => /^\p{Lu}/u.test(words));
    const said = new Set(wordingKeys.map((key) => typed(say(key))));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((words) => !said.has(words))).toEqual([]);
  });

  it('is where the page’s French is: index.html holds none of its own', () => {
    const html = readFileSync(`${import.meta.dirname}/../index.html`, 'utf8').replace(/<!--.*?-->/gs, '');
    const words = html.replace(/<[^>]*>/g, ' ').replace(/\{\{[\w.]+\}\}/g, ' ').trim().split(/\s+/);
    expect(words).toEqual(['Maillage']);
  });
});
