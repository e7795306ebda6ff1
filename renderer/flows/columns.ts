import * as v from 'valibot';
import {
  FLOW_KEYS,
  FLOW_ORDERS,
  type FlowKey,
  type FlowOrder,
  type FlowRow,
} from '../../shared/domain/flow.ts';
import { formatUtc } from '../ui/format.ts';

/** A column of the table: what flows are summed by, or what is summed. */
export type ColumnId = FlowKey | FlowOrder;

/** How a column is called and how wide it is at first and at least, in pixels. */
export interface ColumnForm {
  readonly label: string;
  readonly width: number;
}

/** Every column there is. */
export const COLUMN_FORMS: Readonly<Record<ColumnId, ColumnForm>> = {
  direction: { label: 'Direction', width: 82 },
  source: { label: 'Source', width: 150 },
  destination: { label: 'Destination', width: 150 },
  service: { label: 'Service', width: 124 },
  action: { label: 'Action', width: 90 },
  rule: { label: 'Rule', width: 74 },
  tag: { label: 'Tag', width: 120 },
  sourceGroup: { label: 'Source group', width: 150 },
  destinationGroup: { label: 'Destination group', width: 150 },
  sourceApplication: { label: 'Source application', width: 150 },
  destinationApplication: { label: 'Destination application', width: 170 },
  protocol: { label: 'Protocol', width: 84 },
  sessions: { label: 'Sessions', width: 88 },
  events: { label: 'Events', width: 82 },
  bytes: { label: 'Bytes', width: 86 },
  packets: { label: 'Packets', width: 82 },
  first: { label: 'First', width: 146 },
  last: { label: 'Last', width: 146 },
};

/** What flows are summed by at first. */
export const FIRST_KEYS: readonly FlowKey[] = [
  'direction',
  'source',
  'destination',
  'service',
  'action',
  'rule',
  'tag',
];

const LEAST_WIDTH = 48;
const MOST_WIDTH = 800;

/** How the table is set up, as it is remembered. */
export interface TableSetup {
  readonly by: readonly FlowKey[];
  readonly order: FlowOrder;
  /** Sums that are not shown. */
  readonly hidden: readonly FlowOrder[];
  /** Widths that the user chose, in pixels. */
  readonly widths: Readonly<Record<string, number>>;
}

/** How the table is set up where the user has chosen nothing. */
export const FIRST_SETUP: TableSetup = {
  by: FIRST_KEYS,
  order: 'sessions',
  hidden: [],
  widths: {},
};

const setupSchema = v.object({
  by: v.pipe(v.array(v.picklist(FLOW_KEYS)), v.minLength(1), v.readonly()),
  order: v.picklist(FLOW_ORDERS),
  hidden: v.pipe(v.array(v.picklist(FLOW_ORDERS)), v.readonly()),
  widths: v.record(v.string(), v.number()),
});

/** Reads what was remembered; anything else counts as nothing. */
export function parseSetup(text: string | null): TableSetup {
  try {
    const read = v.safeParse(setupSchema, JSON.parse(text ?? 'null'));
    return read.success ? read.output : FIRST_SETUP;
  } catch {
    return FIRST_SETUP;
  }
}

/** A width that a column may have. */
export function allowedWidth(pixels: number): number {
  return Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, pixels)));
}

/** The cells of a row for a file, in the order of the columns; times are UTC, sums are plain numbers. */
export function rowCells(row: FlowRow, columns: readonly ColumnId[]): readonly (string | number)[] {
  return columns.map((id) => {
    if (id === 'first' || id === 'last') return formatUtc(row[id]);
    return row[id] ?? '';
  });
}
