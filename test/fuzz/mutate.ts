import type { Prng } from '../sample/prng.ts';

const BLANK = 0x20;
const MOST_BYTES = 4_096;
const NO_BYTES = new Uint8Array();
const encoder = new TextEncoder();

const EXTREMES: readonly Uint8Array[] = [
  ...['0', '-1', '255', '256', '65535', '65536', '2147483648', '4294967295', '4294967296'],
  ...['9007199254740991', '9007199254740992', '99999999999999999999999999', '00', ''],
].map((text) => encoder.encode(text));

type Mutation = (line: Uint8Array, prng: Prng, corpus: readonly Uint8Array[]) => Uint8Array;

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function replace(line: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return join(line.subarray(0, from), by, line.subarray(to));
}

/** Where a token begins and ends, the blank behind it included. */
function aToken(line: Uint8Array, prng: Prng): readonly [from: number, to: number] {
  const within = prng.int(0, line.length - 1);
  const from = line.lastIndexOf(BLANK, within - 1) + 1;
  const end = line.indexOf(BLANK, within);
  return [Math.min(from, within), end < 0 ? line.length : end + 1];
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const flip: Mutation = (line, prng) => {
  const copy = line.slice();
  const at = prng.int(0, copy.length - 1);
  copy[at] = prng.chance(0.5) ? prng.int(0, 255) : (copy[at] ?? 0) ^ (1 << prng.int(0, 7));
  return copy;
};

const splice: Mutation = (line, prng, corpus) => {
  const other = prng.pick(corpus);
  return join(
    line.subarray(0, prng.int(0, line.length)),
    other.subarray(prng.int(0, other.length)),
  );
};

const double: Mutation = (line, prng) => {
  const [from, to] = aToken(line, prng);
  return replace(line, to, to, line.slice(from, to));
};

const remove: Mutation = (line, prng) => {
  const [from, to] = aToken(line, prng);
  return replace(line, from, to, NO_BYTES);
};

const cut: Mutation = (line, prng) => line.slice(0, prng.int(0, line.length));

const extreme: Mutation = (line, prng) => {
  const start = prng.int(0, line.length - 1);
  const from = line.findIndex((byte, at) => at >= start && isDigit(byte));
  if (from < 0) return line;
  let to = from;
  while (isDigit(line[to])) to++;
  return replace(line, from, to, prng.pick(EXTREMES));
};

/**
 * A line made of one or two of the corpus by one to six changes: bytes flipped, lines spliced,
 * tokens doubled, removed or put in, numbers pushed to extremes, ends cut off.
 *
 * @param words what is put in
 */
export function mutate(
  corpus: readonly Uint8Array[],
  words: readonly Uint8Array[],
  prng: Prng,
): Uint8Array {
  const word: Mutation = (line, random) => {
    const [from, to] = aToken(line, random);
    const put = join(random.pick(words), Uint8Array.of(BLANK));
    return replace(line, from, random.chance(0.5) ? from : to, put);
  };
  const changes = [flip, flip, splice, double, remove, cut, extreme, extreme, word, word];
  let line = prng.pick(corpus);
  for (let left = prng.int(1, 6); left > 0; left--) {
    line = line.length === 0 ? prng.pick(words) : prng.pick(changes)(line, prng, corpus);
  }
  return line.subarray(0, MOST_BYTES);
}
