import { inspect } from 'node:util';

/** Tells whoever started the program from a terminal what went wrong; the user has been told already, or need not be. */
export function log(problem: unknown): void {
  process.stderr.write(`${typeof problem === 'string' ? problem : inspect(problem)}\n`);
}
