/** Control characters, and those that turn the direction of text: logs may hold any. */
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text that cannot move the cursor, colour the terminal or break the line. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}

/** Writes to standard output, waiting where the reader is slow. */
export async function print(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    process.stdout.once('drain', resolve);
  });
}

/** Writes a value as indented JSON to standard output. */
export async function printJson(value: unknown): Promise<void> {
  await print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes one line to standard error, marked as Segwright's. */
export function complain(sentence: string): void {
  const line = printable(sentence.replace(/\s*[\r\n]+\s*/g, ' ').trim());
  process.stderr.write(`segwright: ${line}\n`);
}

const grouping = new Intl.NumberFormat('en-US');

/** A number for people: `1,234,567`. */
export function formatCount(count: number): string {
  return grouping.format(count);
}

/** A number with its noun: `1 rule`, `2 rules`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time in ISO 8601, UTC, without milliseconds where there are none. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
