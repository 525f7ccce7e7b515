import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wordingKeys } from './wording.ts';

const sources = readdirSync(import.meta.dirname).filter((name) => /\.ts$/.test(name) && !/(\.test|wording)\.ts$/.test(name));
const text = [...sources.map((name) => `${import.meta.dirname}/${name}`), `${import.meta.dirname}/../index.html`]
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

// Keys completed at run time: `say(`mode.${mode}`)` and the like.
const composed = /^(mode|by|method|venue\.times|metric|criterion|open|day|kind|filter|fee|equity|level)\./;

describe('the table of words', () => {
  it('holds no row that nothing says', () => {
    expect(wordingKeys.filter((key) => !composed.test(key) && !text.includes(`'${key}'`) && !text.includes(`{{${key}}}`))).toEqual([]);
  });

  it('is where the page’s French is: index.html holds none of its own', () => {
    const html = readFileSync(`${import.meta.dirname}/../index.html`, 'utf8').replace(/<!--.*?-->/gs, '');
    const words = html.replace(/<[^>]*>/g, ' ').replace(/\{\{[\w.]+\}\}/g, ' ').trim().split(/\s+/);
    expect(words).toEqual(['Maillage']);
  });
});
