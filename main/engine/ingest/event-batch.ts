/** The width of a column's values in bytes. */
type Width = 1 | 2 | 4 | 8;

/** The columns of an event in the order of the table `event`, with their widths. */
export const EVENT_COLUMNS = [
  ['source', 4],
  ['line', 4],
  ['seen_at', 8],
  ['host', 4],
  ['filter', 4],
  ['kind', 1],
  ['reason', 4],
  ['action', 4],
  ['ruleset', 4],
  ['rule', 4],
  ['direction', 1],
  ['protocol', 1],
  ['src', 4],
  ['src_port', 2],
  ['dst', 4],
  ['dst_port', 2],
  ['flags', 1],
  ['reply', 1],
  ['close', 4],
  ['icmp', 2],
  ['length', 4],
  ['packets_forward', 4],
  ['packets_back', 4],
  ['bytes_forward', 8],
  ['bytes_back', 8],
  ['tag', 4],
  ['seen', 1],
  ['weight', 4],
] as const satisfies readonly (readonly [string, Width])[];

/** A whole number of 64 bits as two halves, so that no `bigint` is made for it. */
export class WideColumn {
  readonly words: Uint32Array;

  constructor(words: Uint32Array) {
    this.words = words;
  }

  /** Stores a whole number from -(2^53 - 1) to 2^53 - 1. */
  set(row: number, value: number): void {
    this.words[2 * row] = value >>> 0;
    this.words[2 * row + 1] = Math.floor(value / 2 ** 32) >>> 0;
  }

  /** The number stored. */
  get(row: number): number {
    return (this.words[2 * row] ?? 0) + ((this.words[2 * row + 1] ?? 0) | 0) * 2 ** 32;
  }
}

function columnSize(width: Width, capacity: number): number {
  return Math.ceil((width * capacity) / 8) * 8;
}

function bufferSize(capacity: number): number {
  return EVENT_COLUMNS.reduce((total, [, width]) => total + columnSize(width, capacity), 0);
}

/** Where each column of a batch begins in its buffer, in the order of `EVENT_COLUMNS`. */
export function eventOffsets(capacity: number): readonly number[] {
  let next = 0;
  return EVENT_COLUMNS.map(([, width]) => {
    const offset = next;
    next += columnSize(width, capacity);
    return offset;
  });
}

/**
 * Events column by column in one buffer, the shape in which they enter the database.
 */
export class EventBatch {
  readonly capacity: number;
  readonly buffer: ArrayBuffer;
  /** Where each column begins in the buffer, in the order of `EVENT_COLUMNS`. */
  readonly offsets: readonly number[];
  /** Rows filled. */
  rows = 0;
  readonly source: Uint32Array;
  readonly line: Uint32Array;
  /** Milliseconds since 1970 UTC. */
  readonly seenAt: WideColumn;
  readonly host: Uint32Array;
  readonly filter: Uint32Array;
  readonly kind: Uint8Array;
  readonly reason: Uint32Array;
  readonly action: Uint32Array;
  readonly ruleset: Uint32Array;
  readonly rule: Uint32Array;
  readonly direction: Uint8Array;
  readonly protocol: Uint8Array;
  readonly src: Uint32Array;
  readonly srcPort: Uint16Array;
  readonly dst: Uint32Array;
  readonly dstPort: Uint16Array;
  readonly flags: Uint8Array;
  readonly reply: Uint8Array;
  readonly close: Uint32Array;
  readonly icmp: Uint16Array;
  readonly length: Uint32Array;
  readonly packetsForward: Uint32Array;
  readonly packetsBack: Uint32Array;
  readonly bytesForward: WideColumn;
  readonly bytesBack: WideColumn;
  readonly tag: Uint32Array;
  /** Index in `SEEN`: where the packet was seen. */
  readonly seen: Uint8Array;
  /** Connections the line stands for: one, except where a device sums up. */
  readonly weight: Uint32Array;

  /** @param given a buffer that a batch of the same capacity had, to be filled again */
  constructor(capacity: number, given?: ArrayBuffer) {
    this.capacity = capacity;
    const offsets = eventOffsets(capacity);
    const buffer = given ?? new ArrayBuffer(bufferSize(capacity));
    this.offsets = offsets;
    this.buffer = buffer;
    let next = 0;
    const start = () => offsets[next++] ?? 0;
    const u8 = () => new Uint8Array(buffer, start(), capacity);
    const u16 = () => new Uint16Array(buffer, start(), capacity);
    const u32 = () => new Uint32Array(buffer, start(), capacity);
    const wide = () => new WideColumn(new Uint32Array(buffer, start(), 2 * capacity));
    this.source = u32();
    this.line = u32();
    this.seenAt = wide();
    this.host = u32();
    this.filter = u32();
    this.kind = u8();
    this.reason = u32();
    this.action = u32();
    this.ruleset = u32();
    this.rule = u32();
    this.direction = u8();
    this.protocol = u8();
    this.src = u32();
    this.srcPort = u16();
    this.dst = u32();
    this.dstPort = u16();
    this.flags = u8();
    this.reply = u8();
    this.close = u32();
    this.icmp = u16();
    this.length = u32();
    this.packetsForward = u32();
    this.packetsBack = u32();
    this.bytesForward = wide();
    this.bytesBack = wide();
    this.tag = u32();
    this.seen = u8();
    this.weight = u32();
  }
}
