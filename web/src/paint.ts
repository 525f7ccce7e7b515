// From a feature's numbers to its colour: the classes of the server's one legend, applied to values that come without shapes.
import type { LegendDefinition, Range } from './server.ts';
import type { Column, Values } from './values.ts';

/** What a feature is drawn with; what is outside the perimeter is not. */
export interface Paint {
  readonly colour: string;
  /** Hatched, for the data stop near it. */
  readonly edge: boolean;
  /** Hatched, for someone's time there is estimated where others' follow roads. */
  readonly estimated: boolean;
}

const nowhere: Column = () => null;

function within(range: Range, value: number): boolean {
  return (range.min === null || value >= range.min) && (range.max === null || value < range.max);
}

/** The colour of each identifier, null for those the perimeter leaves out. */
export function painter(legend: LegendDefinition, { columns }: Values): (id: number) => Paint | null {
  const column = (name: string | null | undefined): Column => (name ? (columns.get(name) ?? nowhere) : nowhere);
  const [people, first, second] = [column('population'), column(legend.attribute), column(legend.second)];
  const [counted, edge, estimated] = [column('beyond_share'), column('edge'), column('estimated')];
  const colour = (id: number): string => {
    const [value, other] = [first(id), second(id)];
    if (value === null || (legend.second && other === null)) {
      // People are counted there, all beyond, and no time is known: no road leads most of them anywhere.
      const stranded = value === null && legend.no_road && counted(id) !== null;
      return stranded && legend.no_road ? legend.no_road.colour : legend.no_data.colour;
    }
    const found = legend.classes.find((one) => within(one, value) && (!one.second || (other !== null && within(one.second, other))));
    return found?.colour ?? legend.no_data.colour;
  };
  return (id) => {
    if (people(id) === null) return null;
    return {
      colour: colour(id),
      edge: legend.hatch !== null && edge(id) === 1,
      estimated: legend.estimated_hatch != null && estimated(id) === 1,
    };
  };
}
