import { readFileSync, statSync } from 'node:fs';

/** DuckDB's log begins with an entry of 8 bytes that names its version. */
const VERSION_BYTES = 8;
/** Every other entry is its size and its checksum, 8 bytes each, and then as many bytes as its size. */
const HEAD_BYTES = 16;
/** A log is folded into the file long before it is this long; a longer one is not looked at, in bytes. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Where the entries end that begin at a place: at the end of the log, or where one does not fit. */
function endOfChain(log: Buffer, start: number): number {
  let place = start;
  while (place + HEAD_BYTES <= log.length) {
    const next = place + HEAD_BYTES + Number(log.readBigUInt64LE(place));
    if (next === place + HEAD_BYTES || next > log.length) return place;
    place = next;
  }
  return place;
}

/**
 * The byte from which on DuckDB takes a log for one that was cut short, although whole entries follow:
 * one length is wrong there. DuckDB drops all of them without an error, since an entry that reaches
 * past the end of the log is what a killed process leaves.
 *
 * @returns `null` where the log is whole, cut short, damaged in a way DuckDB itself refuses, or missing
 */
export function findLostEntries(file: string): number | null {
  let log: Buffer;
  try {
    if (statSync(file).size > MOST_BYTES) return null;
    log = readFileSync(file);
  } catch {
    return null;
  }
  if (log.length < VERSION_BYTES || log.readUInt16LE(VERSION_BYTES - 2) !== 0xffff) return null;
  const broken = endOfChain(log, VERSION_BYTES);
  if (broken + HEAD_BYTES > log.length || log.readBigUInt64LE(broken) === 0n) return null;
  for (let place = broken + HEAD_BYTES + 1; place + HEAD_BYTES < log.length; place += 1) {
    if (endOfChain(log, place) === log.length) return broken;
  }
  return null;
}
