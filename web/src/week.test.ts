import { describe, expect, it } from 'vitest';
import { columns, extremes, hundredths, step } from './week.ts';

/** Seven days of 24 hours, each the people given for it. */
const week = (people: (day: number, hour: number) => number) => Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => people(day, hour)));

describe('the columns of the week', () => {
  it('leave out what is shut on all days, before and after', () => {
    const found = columns(week((day, hour) => (day < 5 && hour >= 8 && hour < 19 ? hour : 0)));
    expect(found.map(({ from }) => from)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  });

  it('join hours alike on every day, a midday when all is shut too', () => {
    const found = columns(week((day, hour) => (day === 1 && hour >= 9 && hour <= 16 && hour !== 12 ? 10 : 0)));
    expect(found).toEqual([{ from: 9, to: 11 }, { from: 12, to: 12 }, { from: 13, to: 16 }]);
  });

  it('keep the night of a venue that never shuts, as one', () => {
    const found = columns(week((_, hour) => (hour === 10 ? 50 : 3)));
    expect(found).toEqual([{ from: 0, to: 9 }, { from: 10, to: 10 }, { from: 11, to: 23 }]);
  });

  it('are none when nothing ever opens', () => {
    expect(columns(week(() => 0))).toEqual([]);
  });
});

it('finds the best moment of the week, and the worst of some hours', () => {
  const within = week((day, hour) => (day === 3 && hour === 10 ? 90 : day === 0 && hour === 12 ? 5 : 40));
  expect(extremes(within, [0, 6], [0, 23]).most).toEqual({ day: 3, hour: 10, people: 90 });
  expect(extremes(within, [0, 4], [9, 16]).fewest).toEqual({ day: 0, hour: 12, people: 5 });
  expect(extremes(within, [5, 5], [0, 23]).most).toEqual({ day: 5, hour: 0, people: 40 });
});

describe('a share', () => {
  it('has the colour of its step, nobody one of its own', () => {
    expect([0, 0.001, 0.25, 0.5, 0.75, 0.896, 0.9, 1].map(step)).toEqual([0, 1, 2, 3, 4, 5, 5, 5]);
  });

  it('in two figures is never rounded to none nor to all', () => {
    expect([0, 0.001, 0.42, 0.996, 1].map(hundredths)).toEqual(['·', '<1', '42', '>99', '100']);
  });
});
