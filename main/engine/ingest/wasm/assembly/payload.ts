import { byteAt, isNegative, parseNumber, slashBefore } from './bytes';
import {
  BYTES_BACK,
  BYTES_FORWARD,
  CLOSE,
  FLAGS,
  ICMP,
  KIND,
  LENGTH,
  PACKETS_BACK,
  PACKETS_FORWARD,
  PROTOCOL,
  REPLY,
  TAG,
} from './layout';
import { CLOSE_TEXT, codeOf, TAG_TEXT } from './texts';

const WORD: usize = 8;
const MAX_U32: i64 = 0xffff_ffff;
const MAX_SAFE: i64 = 0x1f_ffff_ffff_ffff;
const SYN: u32 = 1;
const ACK: u32 = 2;

/** Reads length, protocol, and what stands before the addresses; the protocol's number, -1 where there is none. */
export function readProtocol(from: usize, addresses: usize, row: usize): i32 {
  let next = from;
  const length =
    next < addresses ? parseNumber(load<u32>(next), load<u32>(next, 4), MAX_U32) : <i64>-1;
  store<u32>(row << 2, length < 0 ? 0 : <u32>length, LENGTH);
  if (length >= 0 || (next < addresses && isNegative(load<u32>(next), load<u32>(next, 4)))) next += WORD;
  if (next >= addresses) return -1;
  let protocol = protocolByName(load<u32>(next), load<u32>(next, 4));
  next += WORD;
  if (protocol === 0) {
    if (next >= addresses) return -1;
    protocol = <i32>parseNumber(load<u32>(next), load<u32>(next, 4), 255);
    next += WORD;
  }
  if (protocol < 0) return -1;
  store<u8>(row, <u8>protocol, PROTOCOL);
  store<u16>(row << 1, 0, ICMP);
  store<u32>(row << 2, 0, CLOSE);
  if (next < addresses) readManner(next, addresses, row);
  return protocol;
}

/** Type and code of ICMP, or how a session ended. */
function readManner(next: usize, addresses: usize, row: usize): void {
  const first = parseNumber(load<u32>(next), load<u32>(next, 4), 255);
  if (first >= 0 && next + 2 * WORD === addresses) {
    const code = parseNumber(load<u32>(next + WORD), load<u32>(next + WORD, 4), 255);
    store<u16>(row << 1, code < 0 ? 0 : <u16>(first * 256 + code), ICMP);
  } else {
    const code = codeOf(CLOSE_TEXT, load<u32>(next), load<u32>(addresses - WORD, 4));
    store<u32>(row << 2, code, CLOSE);
  }
}

/** The protocol's number, 0 where a number must follow, -1 where it is no protocol. */
function protocolByName(start: usize, end: usize): i32 {
  const length = end - start;
  if (length < 3 || length > 6 || byteAt(end - 1) === 0) return -1;
  const text = load<u64>(start) & (u64.MAX_VALUE >>> ((8 - <u64>length) << 3));
  if (text === 0x504354) return 6; // TCP
  if (text === 0x504455) return 17; // UDP
  if (text === 0x504d4349) return 1; // ICMP
  if (text === 0x36504354) return 6; // TCP6
  if (text === 0x36504455) return 17; // UDP6
  if (text === 0x36504d4349) return 58; // ICMP6
  if (text === 0x3676504d4349) return 58; // ICMPv6
  if (text === 0x504d4749) return 2; // IGMP
  if (text === 0x50544353) return 132; // SCTP
  return text === 0x4f544f5250 || text === 0x364f544f5250 ? 0 : -1; // PROTO, PROTO6
}

/** Reads flags or counters, then the label: the words from `from` to before `behind`. */
export function readRest(from: usize, behind: usize, lineEnd: usize, protocol: i32, row: usize): void {
  const kind = load<u8>(row, KIND);
  let label = from;
  let flags: u32 = 0;
  let reply: u32 = 0;
  store<u32>(row << 2, 0, PACKETS_FORWARD);
  store<u32>(row << 2, 0, PACKETS_BACK);
  store<u64>(row << 3, 0, BYTES_FORWARD);
  store<u64>(row << 3, 0, BYTES_BACK);
  if (kind === 1) {
    if (readCounters(from, behind, row)) label = from + 2 * WORD;
  } else if (protocol === 6 && from < behind) {
    flags = readFlags(load<u32>(from), load<u32>(from, 4));
    if (flags > 0) {
      label = from + WORD;
      const isReply = (flags & SYN) === 0 || (flags & ACK) !== 0;
      reply = isReply && kind === 0 ? 1 : 0;
    }
  }
  store<u8>(row, <u8>flags, FLAGS);
  store<u8>(row, <u8>reply, REPLY);
  const tag = label < behind ? codeOf(TAG_TEXT, load<u32>(label), lineEnd) : 0;
  store<u32>(row << 2, tag, TAG);
}

/** The bits of `SAPFRUEW`, by letter from A; 0 for every other letter. */
const FLAG_BITS = memory.data<u8>([
  2, 0, 0, 0, 64, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 16, 1, 0, 32, 0, 128, 0, 0, 0,
]);

function readFlags(start: usize, end: usize): u32 {
  let flags: u32 = 0;
  for (let at = start; at < end; at++) {
    const letter = byteAt(at) - 0x41;
    if (letter > 25) return 0;
    const bit = byteAt(FLAG_BITS + <usize>letter);
    if (bit === 0 || (flags & bit) !== 0) return 0;
    flags |= bit;
  }
  return flags;
}

/** Packets and bytes, each as `initiator/responder`; both or none. */
function readCounters(word: usize, behind: usize, row: usize): bool {
  if (word + WORD >= behind) return false;
  const packets: usize = load<u32>(word);
  const packetsEnd: usize = load<u32>(word, 4);
  const packetsSlash = slashBefore(packets, packetsEnd);
  const sizes: usize = load<u32>(word, 8);
  const sizesEnd: usize = load<u32>(word, 12);
  const sizesSlash = slashBefore(sizes, sizesEnd);
  if (packetsSlash >= packetsEnd || sizesSlash >= sizesEnd) return false;
  const packetsForward = parseCounter(packets, packetsSlash);
  const packetsBack = parseCounter(packetsSlash + 1, packetsEnd);
  const bytesForward = parseCounter(sizes, sizesSlash);
  const bytesBack = parseCounter(sizesSlash + 1, sizesEnd);
  if ((packetsForward | packetsBack | bytesForward | bytesBack) < 0) return false;
  store<u32>(row << 2, <u32>min(packetsForward, MAX_U32), PACKETS_FORWARD);
  store<u32>(row << 2, <u32>min(packetsBack, MAX_U32), PACKETS_BACK);
  store<u64>(row << 3, <u64>bytesForward, BYTES_FORWARD);
  store<u64>(row << 3, <u64>bytesBack, BYTES_BACK);
  return true;
}

/** A counter of packets or bytes, 0 where it is negative; -1 where it is none. */
@inline
function parseCounter(start: usize, end: usize): i64 {
  const value = parseNumber(start, end, MAX_SAFE);
  return value < 0 && isNegative(start, end) ? 0 : value;
}
