import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { findLostEntries } from './log-chain.ts';

/** Whether an error of opening says that the write-ahead log beside the project cannot be replayed. */
export function isLogDamage(message: string): boolean {
  return /replaying WAL/i.test(message);
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${String(count)}`;
  return name;
}

/**
 * Sets a damaged write-ahead log aside and leaves its longest start that replays in its place.
 *
 * DuckDB replays a log that was cut short up to its last whole commit, but refuses one in which a
 * commit is wrong. So every start that ends before the damage replays and every longer one does not;
 * the border is found by halving.
 *
 * @param file the project file, closed
 * @param replays whether the project opens with the log as it lies there; must not write
 * @returns a sentence for the user: what was kept and where the damaged log lies
 * @throws an error of the file system, where the log cannot be moved or copied
 */
export async function setLogAside(file: string, replays: () => Promise<boolean>): Promise<string> {
  const log = `${file}.wal`;
  const aside = freeName(`${log}.damaged`);
  renameSync(log, aside);
  const size = statSync(aside).size;
  const leave = (bytes: number) => {
    rmSync(log, { force: true });
    if (bytes === 0) return;
    copyFileSync(aside, log);
    truncateSync(log, bytes);
  };
  let whole = 0;
  let damaged = size;
  while (damaged - whole > 1) {
    const middle = Math.floor((whole + damaged) / 2);
    leave(middle);
    if (await replays()) whole = middle;
    else damaged = middle;
  }
  leave(whole);
  return sentenceOf(damaged, size, aside);
}

function sentenceOf(damaged: number, size: number, aside: string): string {
  return `The last changes to this project were damaged from byte ${String(damaged)} of ${String(size)} on. The changes before that point and everything saved earlier are here; the damaged log is kept in "${aside}".`;
}

/** A copy of a damaged log. */
export interface CutLog {
  /** What was kept and where the copy lies, for the user. */
  readonly sentence: string;
  /** Takes the copy away, where the project did not open. */
  remove(): void;
}

/**
 * Copies a write-ahead log from which DuckDB would drop whole entries without a word. The log itself
 * is left alone: another process may be writing it.
 *
 * @param file the project file
 * @returns `null` where nothing would be dropped or no copy can be made
 */
export function copyCutLog(file: string): CutLog | null {
  const log = `${file}.wal`;
  const damaged = findLostEntries(log);
  if (damaged === null) return null;
  const aside = freeName(`${log}.damaged`);
  try {
    copyFileSync(log, aside);
    return {
      sentence: sentenceOf(damaged, statSync(aside).size, aside),
      remove: () => {
        rmSync(aside, { force: true });
      },
    };
  } catch {
    rmSync(aside, { force: true });
    return null;
  }
}
