import { type EventBatch, WideColumn } from './event-batch.ts';
import { TUPLE_COLUMNS, type Tuples } from './tuples.ts';

/** The width of a column's values in bytes. */
type Width = 2 | 4 | 8;

/** The columns of the table `packed_event` in its order, with their widths. */
export const PACKED_COLUMNS = [
  ['source', 4],
  ['line', 4],
  ['seen_at', 8],
  ['origin', 4],
  ['context', 4],
  ['manner', 4],
  ['client', 4],
  ['client_port', 2],
  ['server', 4],
  ['server_port', 2],
  ['packets_forward', 4],
  ['packets_back', 4],
  ['bytes_forward', 8],
  ['bytes_back', 8],
] as const satisfies readonly (readonly [string, Width])[];

/** Slots for codes met lately, and how a mix of 32 bits becomes one. */
const SLOTS = 4_096;
const SLOT_SHIFT = 20;

/** Odd numbers whose products spread small differences over the high bits. */
const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca77;
const MIX_C = 0xc2b2ae3d;

function columnSize(width: Width, capacity: number): number {
  return Math.ceil((width * capacity) / 8) * 8;
}

/** Where each column of a batch begins in its buffer, in the order of `PACKED_COLUMNS`. */
export function packedOffsets(capacity: number): readonly number[] {
  let next = 0;
  return PACKED_COLUMNS.map(([, width]) => {
    const offset = next;
    next += columnSize(width, capacity);
    return offset;
  });
}

/** Events in the shape in which they are stored, column by column in one buffer. */
export class PackedBatch {
  readonly capacity: number;
  readonly buffer: ArrayBuffer;
  readonly offsets: readonly number[];
  /** Rows filled. */
  rows = 0;
  readonly source: Uint32Array;
  readonly line: Uint32Array;
  /** Milliseconds since 1970 UTC. */
  readonly seenAt: WideColumn;
  /** Codes of tuples; see `TUPLE_COLUMNS`. */
  readonly origin: Uint32Array;
  readonly context: Uint32Array;
  readonly manner: Uint32Array;
  /** Source of the line, or destination where the line is a reply. */
  readonly client: Uint32Array;
  readonly clientPort: Uint16Array;
  readonly server: Uint32Array;
  readonly serverPort: Uint16Array;
  readonly packetsForward: Uint32Array;
  readonly packetsBack: Uint32Array;
  readonly bytesForward: WideColumn;
  readonly bytesBack: WideColumn;

  /** @param given a buffer that a batch of the same capacity had, to be filled again */
  constructor(capacity: number, given?: ArrayBuffer) {
    this.capacity = capacity;
    const offsets = packedOffsets(capacity);
    const size = PACKED_COLUMNS.reduce((sum, [, width]) => sum + columnSize(width, capacity), 0);
    const buffer = given ?? new ArrayBuffer(size);
    this.offsets = offsets;
    this.buffer = buffer;
    let next = 0;
    const start = () => offsets[next++] ?? 0;
    const u16 = () => new Uint16Array(buffer, start(), capacity);
    const u32 = () => new Uint32Array(buffer, start(), capacity);
    const wide = () => new WideColumn(new Uint32Array(buffer, start(), 2 * capacity));
    this.source = u32();
    this.line = u32();
    this.seenAt = wide();
    this.origin = u32();
    this.context = u32();
    this.manner = u32();
    this.client = u32();
    this.clientPort = u16();
    this.server = u32();
    this.serverPort = u16();
    this.packetsForward = u32();
    this.packetsBack = u32();
    this.bytesForward = wide();
    this.bytesBack = wide();
  }
}

/**
 * Packs parsed events for storing: what repeats from line to line becomes the code of a tuple, and
 * the ends of a reply are turned so that the client comes first.
 */
export class EventPacker {
  readonly #tuples: Tuples;
  readonly #origin = new Uint32Array(TUPLE_COLUMNS.origin.length);
  readonly #context = new Uint32Array(TUPLE_COLUMNS.context.length);
  readonly #manner = new Uint32Array(TUPLE_COLUMNS.manner.length);

  /** The code met last in each slot, checked against the tuple itself; -1 where there is none. */
  readonly #recentOrigins = new Int32Array(SLOTS).fill(-1);
  readonly #recentContexts = new Int32Array(SLOTS).fill(-1);
  readonly #recentManners = new Int32Array(SLOTS).fill(-1);

  constructor(tuples: Tuples) {
    this.#tuples = tuples;
  }

  /** Fills `packed`, of the same capacity, with all rows of the batch. */
  pack(batch: EventBatch, packed: PackedBatch): void {
    const { rows } = batch;
    packed.rows = rows;
    packed.source.set(batch.source.subarray(0, rows));
    packed.line.set(batch.line.subarray(0, rows));
    packed.seenAt.words.set(batch.seenAt.words.subarray(0, 2 * rows));
    packed.client.set(batch.src.subarray(0, rows));
    packed.clientPort.set(batch.srcPort.subarray(0, rows));
    packed.server.set(batch.dst.subarray(0, rows));
    packed.serverPort.set(batch.dstPort.subarray(0, rows));
    packed.packetsForward.set(batch.packetsForward.subarray(0, rows));
    packed.packetsBack.set(batch.packetsBack.subarray(0, rows));
    packed.bytesForward.words.set(batch.bytesForward.words.subarray(0, 2 * rows));
    packed.bytesBack.words.set(batch.bytesBack.words.subarray(0, 2 * rows));
    this.#turnReplies(batch, packed);
    this.#codeOrigins(batch, packed.origin);
    this.#codeContexts(batch, packed.context);
    this.#codeManners(batch, packed.manner);
  }

  #turnReplies({ rows, reply, src, dst, srcPort, dstPort }: EventBatch, packed: PackedBatch): void {
    for (let row = 0; row < rows; row++) {
      if (reply[row] !== 1) continue;
      packed.client[row] = dst[row] ?? 0;
      packed.clientPort[row] = dstPort[row] ?? 0;
      packed.server[row] = src[row] ?? 0;
      packed.serverPort[row] = srcPort[row] ?? 0;
    }
  }

  #codeOrigins({ rows, host, filter }: EventBatch, codes: Uint32Array): void {
    const { origin } = this.#tuples;
    const words = this.#origin;
    const recent = this.#recentOrigins;
    let known = origin.words;
    for (let row = 0; row < rows; row++) {
      const a = host[row] ?? 0;
      const b = filter[row] ?? 0;
      const slot = (Math.imul(a, MIX_A) ^ Math.imul(b, MIX_B)) >>> SLOT_SHIFT;
      const code = recent[slot] ?? -1;
      const at = code * origin.width;
      if (code >= 0 && known[at] === a && known[at + 1] === b) {
        codes[row] = code;
        continue;
      }
      words[0] = a;
      words[1] = b;
      codes[row] = recent[slot] = origin.codeOf(words);
      known = origin.words;
    }
  }

  #codeContexts(batch: EventBatch, codes: Uint32Array): void {
    const { context } = this.#tuples;
    const { kind, reason, action, ruleset, rule, direction, protocol, tag, reply, seen, weight } =
      batch;
    const words = this.#context;
    const recent = this.#recentContexts;
    let known = context.words;
    for (let row = 0; row < batch.rows; row++) {
      const small =
        (kind[row] ?? 0) ^
        ((direction[row] ?? 0) << 2) ^
        ((reply[row] ?? 0) << 4) ^
        ((protocol[row] ?? 0) << 5) ^
        ((action[row] ?? 0) << 13);
      const slot =
        (Math.imul(tag[row] ?? 0, MIX_A) ^
          Math.imul(rule[row] ?? 0, MIX_B) ^
          Math.imul(small, MIX_C)) >>>
        SLOT_SHIFT;
      const code = recent[slot] ?? -1;
      const at = code * context.width;
      if (
        code >= 0 &&
        known[at + 4] === rule[row] &&
        known[at + 7] === tag[row] &&
        known[at] === kind[row] &&
        known[at + 5] === direction[row] &&
        known[at + 6] === protocol[row] &&
        known[at + 2] === action[row] &&
        known[at + 1] === reason[row] &&
        known[at + 3] === ruleset[row] &&
        known[at + 8] === reply[row] &&
        known[at + 9] === seen[row] &&
        known[at + 10] === weight[row]
      ) {
        codes[row] = code;
        continue;
      }
      words[0] = kind[row] ?? 0;
      words[1] = reason[row] ?? 0;
      words[2] = action[row] ?? 0;
      words[3] = ruleset[row] ?? 0;
      words[4] = rule[row] ?? 0;
      words[5] = direction[row] ?? 0;
      words[6] = protocol[row] ?? 0;
      words[7] = tag[row] ?? 0;
      words[8] = reply[row] ?? 0;
      words[9] = seen[row] ?? 0;
      words[10] = weight[row] ?? 0;
      codes[row] = recent[slot] = context.codeOf(words);
      known = context.words;
    }
  }

  #codeManners({ rows, flags, close, icmp, length }: EventBatch, codes: Uint32Array): void {
    const { manner } = this.#tuples;
    const words = this.#manner;
    const recent = this.#recentManners;
    let known = manner.words;
    for (let row = 0; row < rows; row++) {
      const a = flags[row] ?? 0;
      const b = close[row] ?? 0;
      const c = icmp[row] ?? 0;
      const d = length[row] ?? 0;
      const slot =
        (Math.imul(a ^ (b << 8), MIX_A) ^ Math.imul(c, MIX_B) ^ Math.imul(d, MIX_C)) >>> SLOT_SHIFT;
      const code = recent[slot] ?? -1;
      const at = code * manner.width;
      if (
        code >= 0 &&
        known[at] === a &&
        known[at + 1] === b &&
        known[at + 2] === c &&
        known[at + 3] === d
      ) {
        codes[row] = code;
        continue;
      }
      words[0] = a;
      words[1] = b;
      words[2] = c;
      words[3] = d;
      codes[row] = recent[slot] = manner.codeOf(words);
      known = manner.words;
    }
  }
}
