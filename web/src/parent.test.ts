import { expect, it } from 'vitest';
import { parentQuestion } from './parent.ts';
import { usualQuestion } from './question.ts';
import type { Diagnosis } from './server.ts';
import type { Site } from './site.ts';

const diagnosis = (parent: { id: string; name: string } | null | undefined) => ({ territory: { parent } }) as Diagnosis;
const asked = { ...usualQuestion, minutes: 30, territories: ['epci:200072098'] };
const site: Site = { question: '', territory: 'region:84', archive: '', report: '', files: {}, answers: ['region:84'] };

it('asks the same of the parent, the whole by its own address, nothing where there is none', () => {
  expect(parentQuestion(diagnosis({ id: 'departement:63', name: 'Puy-de-Dôme' }), asked, null)).toEqual({ ...asked, territories: ['departement:63'] });
  expect(parentQuestion(diagnosis({ id: 'france', name: 'France' }), asked, null)?.territories).toEqual([]);
  expect(parentQuestion(diagnosis(null), asked, null)).toBeNull();
  expect(parentQuestion(diagnosis(undefined), asked, null)).toBeNull();
});

it('in a site asks only for what is answered there', () => {
  const territories = (id: string, only: Site) => parentQuestion(diagnosis({ id, name: '' }), asked, only)?.territories;
  expect(territories('region:84', site)).toEqual(['region:84']);
  expect(territories('departement:63', site)).toBeUndefined();
  expect(territories('france', site)).toBeUndefined();
  expect(territories('france', { ...site, territory: 'france' })).toEqual([]);
});
