import { parseArgs, type ParseArgsConfig } from 'node:util';
import { textOf } from '../../shared/failure/failure.ts';

/** The command line itself is wrong: exit code 2. The message is one line for people. */
export class BadUse extends Error {
  override readonly name = 'BadUse';
}

/** Names of options as `node:util` describes them. */
export type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** The options every command takes. */
export const COMMON_OPTIONS = {
  project: { type: 'string', short: 'p' },
  json: { type: 'boolean' },
} as const satisfies OptionTable;

/**
 * Reads a command's arguments: options anywhere, `--` before paths that begin with a dash.
 *
 * @throws BadUse
 */
export function readArguments<T extends OptionTable>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    const sentence = textOf(thrown).split(/\.\s/)[0] ?? '';
    throw new BadUse(sentence.replace(/\s+/g, ' '));
  }
}

/** Joins an option to a value that may begin with a dash, which `node:util` would refuse. */
export function joinValue(args: readonly string[], option: string): readonly string[] {
  const at = args.indexOf(option);
  const value = args[at + 1];
  if (at < 0 || value === undefined) return args;
  return [...args.slice(0, at), `${option}=${value}`, ...args.slice(at + 2)];
}

/**
 * Refuses arguments a command does not take.
 *
 * @throws BadUse
 */
export function refusePositionals(command: string, positionals: readonly string[]): void {
  const [first] = positionals;
  if (first !== undefined) throw new BadUse(`"${command}" takes no argument "${first}"`);
}

/**
 * Reads one of some words.
 *
 * @throws BadUse
 */
export function readChoice<T extends string>(
  option: string,
  text: string,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) {
    throw new BadUse(`${option} is one of ${choices.join(', ')}, not "${text}"`);
  }
  return found;
}

/**
 * Reads a whole number that is at least 1.
 *
 * @throws BadUse
 */
export function readCount(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d{1,15}$/.test(text) || count < 1) {
    throw new BadUse(`${option} is a whole number of at least 1, not "${text}"`);
  }
  return count;
}

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d(?:\.\d{1,3})?))?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads an ISO 8601 date or time, in UTC where it names no zone.
 *
 * @returns milliseconds since 1970 UTC
 * @throws BadUse
 */
export function readTime(option: string, text: string): number {
  const match = TIME.exec(text);
  const [, day = '', minute = '00:00', second = '00', zone = 'Z'] = match ?? [];
  const seconds = second.length > 2 ? second : `${second}.000`;
  const at = Date.parse(`${day}T${minute}:${seconds}${zone.toUpperCase()}`);
  // Date.parse takes the 30th of February for the 1st of March.
  const dayExists = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(dayExists.getTime()) && dayExists.toISOString().startsWith(day);
  if (match === null || Number.isNaN(at) || !exists) {
    throw new BadUse(`${option} is a time such as 2026-03-02T08:00:00Z, not "${text}"`);
  }
  return at;
}
