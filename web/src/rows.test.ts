import { describe, expect, it } from 'vitest';
import { columnsOf, sortBy, usualSort } from './columns.ts';
import { parseCsv, sliceOf, sorted } from './rows.ts';

describe('CSV', () => {
  it('is read with its quotes, commas and empty cells', () => {
    const csv = 'id,name,apl\r\n1,"Lieu dit ""La Mairie"", Thiers",\r\n2,Ambert,1.5\r\n';
    expect(parseCsv(csv)).toEqual([
      { id: '1', name: 'Lieu dit "La Mairie", Thiers', apl: '' },
      { id: '2', name: 'Ambert', apl: '1.5' },
    ]);
  });

  it('may end without a line feed, and hold one in a cell', () => {
    expect(parseCsv('id,name\n1,"a\nb"')).toEqual([{ id: '1', name: 'a\nb' }]);
    expect(parseCsv('')).toEqual([]);
  });

  it('loses the apostrophe that kept a spreadsheet from running a text, and no other', () => {
    expect(parseCsv("name\n'=1+1\n'Ndo\n").map((row) => row['name'])).toEqual(['=1+1', "'Ndo"]);
  });
});

describe('the order of rows', () => {
  const columns = columnsOf('communes');
  const [name, population] = columns;

  it('starts with the largest number or with A, then turns round', () => {
    const first = usualSort('communes');
    expect(first).toEqual({ column: 'beyond', descending: true });
    if (name === undefined || population === undefined) throw new Error('no columns');
    expect(sortBy(population, first)).toEqual({ column: 'population', descending: true });
    expect(sortBy(name, first)).toEqual({ column: 'name', descending: false });
    expect(sortBy(name, { column: 'name', descending: false })).toEqual({ column: 'name', descending: true });
  });

  it('is asked of the server with the columns shown and no other', () => {
    expect(sliceOf('departements', { column: 'beyond_share', descending: true }, 50)).toEqual([
      'properties=code,name,population,beyond,beyond_share,access_min,fragility,apl,venues',
      'sortby=-beyond_share,-population',
      'limit=50',
      'offset=50',
    ]);
  });

  it('in a site is the server’s: no value last, equals by people', () => {
    const rows = [
      { name: 'a', population: '10', apl: '' },
      { name: 'Écully', population: '5', apl: '2' },
      { name: 'b', population: '9', apl: '12' },
      { name: 'Z', population: '7', apl: '2' },
    ];
    const names = (column: string, descending: boolean) => sorted(rows, columns, { column, descending }).map((row) => row.name);
    expect(names('apl', true)).toEqual(['b', 'Z', 'Écully', 'a']);
    expect(names('apl', false)).toEqual(['Z', 'Écully', 'b', 'a']);
    expect(names('name', false)).toEqual(['a', 'b', 'Écully', 'Z']);
  });
});
