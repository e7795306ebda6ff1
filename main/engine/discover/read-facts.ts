import type { StatementRunner } from '../store/marks.ts';
import { numberOf } from '../store/rows.ts';
import { fixed, i32, u32s } from '../store/sql.ts';
import type { Talk } from './facts.ts';
import type { MiddleTalk } from './links.ts';
import middle from './middle.sql';
import openerHabit from './opener-habit.sql';
import sessionPair from './session-pair.sql';
import type { OpenerHabit } from './spurious.ts';
import { rowsOf, statementOf } from './statement.ts';

/** Strangers that stand for themselves; the others, seldom seen and alike, are summed up. */
const MOST_STRANGERS = 3_000;

/** Reads who talks to whom. */
export async function readTalks(
  database: StatementRunner,
  workloads: readonly number[],
  passing: readonly number[],
): Promise<readonly Talk[]> {
  const values = [u32s(workloads), u32s(passing), i32(MOST_STRANGERS)];
  const rows = await rowsOf(database, statementOf(sessionPair, ...values));
  return rows.map((row) => ({
    source: numberOf(row, 'source'),
    destination: numberOf(row, 'destination'),
    protocol: numberOf(row, 'protocol'),
    port: numberOf(row, 'port'),
    clients: numberOf(row, 'clients'),
    inSessions: numberOf(row, 'in_sessions'),
    outSessions: numberOf(row, 'out_sessions'),
    sessions: numberOf(row, 'sessions'),
    passed: numberOf(row, 'passed'),
    events: numberOf(row, 'events'),
    first: numberOf(row, 'first_ms'),
    last: numberOf(row, 'last_ms'),
  }));
}

/** Reads how clients behave, but for those that are plainly served. */
export async function readHabits(
  database: StatementRunner,
  known: {
    /** Addresses that stand for nobody in particular. */
    readonly nobody: readonly number[];
    readonly passing: readonly number[];
    readonly workloads: readonly number[];
  },
): Promise<readonly OpenerHabit[]> {
  const values = [u32s(known.nobody), u32s(known.passing), u32s(known.workloads)];
  const rows = await rowsOf(database, statementOf(openerHabit, ...values));
  return rows.map((row) => ({
    address: numberOf(row, 'address'),
    events: numberOf(row, 'events'),
    sessions: numberOf(row, 'sessions'),
    passed: numberOf(row, 'passed'),
    targets: numberOf(row, 'targets'),
    services: numberOf(row, 'services'),
    doors: numberOf(row, 'doors'),
    ended: numberOf(row, 'ended'),
    answered: numberOf(row, 'answered'),
  }));
}

/** Reads sessions whose beginning is missing. */
export async function readMiddle(database: StatementRunner): Promise<readonly MiddleTalk[]> {
  const rows = await rowsOf(database, fixed(middle));
  return rows.map((row) => ({
    source: numberOf(row, 'source'),
    destination: numberOf(row, 'destination'),
    protocol: numberOf(row, 'protocol'),
    port: numberOf(row, 'port'),
    events: numberOf(row, 'events'),
  }));
}
