import type { LineOutcome } from '../outcome.ts';

/** Outcomes by the numbers that the module gives them; the first three are no rejects. */
export const OUTCOMES = [
  'event',
  'other',
  'blank',
  'no address family',
  'no time',
  'no direction',
  'no rule',
  'no action',
  'no protocol',
  'no addresses',
  'bad address',
  'bad port',
  'no port',
] as const satisfies readonly LineOutcome[];

/** Columns by the numbers that the module gives them. */
export const MODULE_COLUMNS: readonly string[] = [
  'line',
  'seen_at',
  'host',
  'filter',
  'kind',
  'reason',
  'action',
  'ruleset',
  'rule',
  'direction',
  'protocol',
  'src',
  'src_port',
  'dst',
  'dst_port',
  'flags',
  'reply',
  'close',
  'icmp',
  'length',
  'packets_forward',
  'packets_back',
  'bytes_forward',
  'bytes_back',
  'tag',
];

/** Columns that are the same for every line of a source; the module knows nothing of them. */
export const CONSTANT_COLUMNS: readonly string[] = ['source', 'seen', 'weight'];
