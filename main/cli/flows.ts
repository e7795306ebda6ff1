import { parseFilter, type FlowFilter } from '../../shared/domain/filter.ts';
import {
  FLOW_KEYS,
  FLOW_ORDERS,
  type FlowKey,
  type FlowPage,
  type FlowRow,
} from '../../shared/domain/flow.ts';
import type { Args, EngineClient } from '../../shared/ipc/contract.ts';
import { csvRecord } from '../../shared/domain/csv.ts';
import { countOf, formatCount, formatTime, print } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import {
  BadUse,
  COMMON_OPTIONS,
  joinValue,
  readArguments,
  readChoice,
  readCount,
  readTime,
  refusePositionals,
} from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  by: { type: 'string' },
  where: { type: 'string' },
  seen: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string' },
  order: { type: 'string' },
  format: { type: 'string' },
} as const;

type Cell = string | number | boolean;

type Question = Omit<Args<'flow.list'>, 'offset' | 'limit'>;

const DEFAULT_BY: readonly FlowKey[] = ['source', 'destination', 'service', 'action'];
const DEFAULT_TABLE_LIMIT = 50;
/** Rows asked of the engine at once; the contract allows 10,000. */
const PAGE_ROWS = 5_000;
/** The year 10,000, after every log. */
const END_OF_TIME = 253_402_300_800_000;

const KEY_BY_WORD: ReadonlyMap<string, FlowKey> = new Map<string, FlowKey>([
  ...FLOW_KEYS.map((key): [string, FlowKey] => [
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    key,
  ]),
  ['src', 'source'],
  ['dst', 'destination'],
  ['svc', 'service'],
  ['port', 'service'],
  ['dir', 'direction'],
]);

const MEASURES = ['sessions', 'events', 'bytes', 'packets'] as const;

function readKeys(text: string): readonly FlowKey[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const keys = words.map((word) => {
    const key = KEY_BY_WORD.get(word);
    if (key === undefined) {
      throw new BadUse(`--by takes ${[...KEY_BY_WORD.keys()].join(', ')}, not "${word}"`);
    }
    return key;
  });
  return [...new Set(keys)];
}

const SEEN_CHOICES = ['vnic', 'perimeter', 'both', 'collector'] as const;

interface FilterOptions {
  readonly where?: string | undefined;
  readonly seen?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function readFilter({ where = '', seen, from, to }: FilterOptions): FlowFilter {
  const parsed = parseFilter(where);
  if (!parsed.ok) throw new BadUse(`--where is not understood: ${parsed.problem}`);
  const terms = [...parsed.terms];
  if (seen !== undefined) {
    const value = readChoice('--seen', seen, SEEN_CHOICES);
    terms.push({ field: 'seen', exclude: false, values: [value] });
  }
  if (from === undefined && to === undefined) return { terms, window: null };
  const window = {
    from: from === undefined ? 0 : readTime('--from', from),
    to: to === undefined ? END_OF_TIME : readTime('--to', to),
  };
  if (window.from >= window.to) throw new BadUse('--from must be earlier than --to');
  return { terms, window };
}

/** Asks for pages until the limit or the end is reached. */
async function* readPages(
  client: EngineClient,
  question: Question,
  limit: number,
): AsyncGenerator<FlowPage> {
  let offset = 0;
  for (;;) {
    const wanted = Math.min(PAGE_ROWS, limit - offset);
    const page = await client.call('flow.list', { ...question, offset, limit: wanted });
    yield page;
    offset += page.rows.length;
    if (page.rows.length < wanted || offset >= limit || offset >= page.totalRows) return;
  }
}

/** What both machine formats give of a row: the keys asked for, the measures, ISO times. */
function recordOf(row: FlowRow, by: readonly FlowKey[]): Record<string, Cell | null> {
  const record: Record<string, Cell | null> = {};
  for (const key of by) record[key] = row[key];
  for (const measure of MEASURES) record[measure] = row[measure];
  record['first'] = formatTime(row.first);
  record['last'] = formatTime(row.last);
  record['reply'] = row.reply;
  return record;
}

async function printTable(
  pages: AsyncIterable<FlowPage>,
  by: readonly FlowKey[],
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const textOf = (row: FlowRow, key: FlowKey) => {
    const value = String(row[key] ?? '');
    const isAddress = key === 'source' || key === 'destination';
    const name = isAddress && Object.hasOwn(names, value) ? names[value] : undefined;
    return name === undefined ? value : `${name} (${value})`;
  };
  const columns: readonly Column<FlowRow>[] = [
    ...by.map((key) => ({
      title: key,
      text: (row: FlowRow) => textOf(row, key),
      isNumber: key === 'rule',
    })),
    ...MEASURES.map((measure) => ({
      title: measure,
      text: (row: FlowRow) => formatCount(row[measure]),
      isNumber: true,
    })),
    { title: 'first', text: (row) => formatTime(row.first) },
    { title: 'last', text: (row) => formatTime(row.last) },
  ];
  const rows: FlowRow[] = [];
  let last: FlowPage | undefined;
  for await (const page of pages) {
    rows.push(...page.rows);
    last = page;
  }
  await print(formatTable(rows, columns));
  await print(
    `\n${formatCount(rows.length)} of ${countOf(last?.totalRows ?? 0, 'row')}; in all ` +
      `${countOf(last?.totalSessions ?? 0, 'session')}, ${countOf(last?.totalEvents ?? 0, 'event')}\n`,
  );
}

async function printCsv(pages: AsyncIterable<FlowPage>, by: readonly FlowKey[]): Promise<void> {
  await print(csvRecord([...by, ...MEASURES, 'first', 'last', 'reply']));
  for await (const page of pages) {
    const records = page.rows.map((row) =>
      csvRecord(Object.values(recordOf(row, by)).map((value) => value ?? '')),
    );
    await print(records.join(''));
  }
}

async function printJsonPages(
  pages: AsyncIterable<FlowPage>,
  by: readonly FlowKey[],
): Promise<void> {
  let started = false;
  let last: FlowPage | undefined;
  await print('{\n  "flows": [');
  for await (const page of pages) {
    for (const row of page.rows) {
      await print(`${started ? ',' : ''}\n    ${JSON.stringify(recordOf(row, by))}`);
      started = true;
    }
    last = page;
  }
  const totals = [
    `  "totalRows": ${last?.totalRows ?? 0}`,
    `  "totalEvents": ${last?.totalEvents ?? 0}`,
    `  "totalSessions": ${last?.totalSessions ?? 0}`,
  ];
  await print(`${started ? '\n  ' : ''}],\n${totals.join(',\n')}\n}\n`);
}

function readFormat(format: string | undefined, json: boolean | undefined) {
  if (format === 'parquet') {
    throw new BadUse('--format parquet is not there yet; use csv or json');
  }
  const chosen = readChoice('--format', format ?? (json === true ? 'json' : 'table'), [
    'table',
    'csv',
    'json',
  ]);
  if (json === true && chosen !== 'json') throw new BadUse('--json and --format contradict');
  return chosen;
}

/**
 * `segwright flows`: flows summed by some keys.
 *
 * @returns the exit code
 */
export async function flows(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(joinValue(args, '--where'), OPTIONS);
  refusePositionals('flows', positionals);
  const format = readFormat(values.format, values.json);
  const by = values.by === undefined ? DEFAULT_BY : readKeys(values.by);
  const question: Question = {
    filter: readFilter(values),
    by,
    order: readChoice('--order', values.order ?? 'sessions', FLOW_ORDERS),
  };
  const defaultLimit = format === 'table' ? DEFAULT_TABLE_LIMIT : Number.MAX_SAFE_INTEGER;
  const limit = values.limit === undefined ? defaultLimit : readCount('--limit', values.limit);
  await withProject(values.project ?? DEFAULT_PROJECT, async (client) => {
    const pages = readPages(client, question, limit);
    if (format === 'csv') await printCsv(pages, by);
    else if (format === 'json') await printJsonPages(pages, by);
    else await printTable(pages, by, (await client.call('inventory.read', {})).names);
  });
  return 0;
}
