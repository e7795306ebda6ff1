import type { Reject } from '../../../shared/domain/archive.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf, textOrNull } from '../store/rows.ts';
import { join, sql, text, u32 } from '../store/sql.ts';
import { faultIn } from './reject-fault.ts';

/** Which rejects are asked for. */
export interface RejectQuestion {
  readonly offset: number;
  readonly limit: number;
  /** Only those with this reason. */
  readonly reason?: string | undefined;
  /** Only those of the source with this path. */
  readonly source?: string | undefined;
}

/** One page of the lines that could not be read, in the order of sources and lines. */
export async function listRejects(
  database: Database,
  { offset, limit, reason, source }: RejectQuestion,
  signal: CancelSignal,
): Promise<{ readonly rows: readonly Reject[]; readonly totalRows: number }> {
  const conditions = [
    ...(reason === undefined ? [] : [sql`reject.reason = ${text(reason)}`]),
    ...(source === undefined ? [] : [sql`source.path = ${text(source)}`]),
  ];
  const from = sql`from reject join source on source.id = reject.source
    where ${join(conditions, ' and ', 'true')}`;
  const rows = await database.query(
    sql`select source.path, reject.line, reject.reason, reject.text, line_before, line_after ${from}
      order by reject.source, reject.line limit ${u32(limit)} offset ${u32(offset)}`,
    signal,
  );
  const [total] = await database.query(sql`select count(*) as total_rows ${from}`, signal);
  return {
    rows: rows.map((row) => {
      const line = textOf(row, 'text');
      const why = textOf(row, 'reason');
      return {
        source: textOf(row, 'path'),
        line: numberOf(row, 'line'),
        reason: why,
        text: line,
        fault: faultIn(line, why),
        before: textOrNull(row, 'line_before'),
        after: textOrNull(row, 'line_after'),
      };
    }),
    totalRows: total === undefined ? 0 : numberOf(total, 'total_rows'),
  };
}
