import { byteAt } from './bytes';
import { readDecision } from './decision';
import { arrowIn, readEnds } from './ends';
import * as header from './header';
import { DIRECTION, FILTER, HOST, SEEN_AT } from './layout';
import * as outcome from './outcome';
import { readProtocol, readRest } from './payload';
import { NO_TIME } from './time';

const WORD: usize = 8;

/** More words than this stand only in a label, which is taken as a whole. */
const MOST_WORDS: usize = 96;

const INET: u32 = 0x54454e49;
const IN: u32 = 0x4e49;
const OU: u32 = 0x554f;

/** Code of the host of lines that name none. */
let usualHost: u32 = 0;

export function setUsualHost(code: u32): void {
  usualHost = code;
}

/**
 * Reads the line whose words are from `first` to before `behind` into the row. The address family
 * anchors the line, the direction ends the rule, the arrow marks the addresses.
 */
export function readLine(first: usize, behind: usize, row: usize): i32 {
  if (first === behind) return outcome.BLANK;
  const lineEnd: usize = load<u32>(behind - 4);
  if (behind - first > MOST_WORDS * WORD) behind = first + MOST_WORDS * WORD;
  const anchor = findAnchor(first, behind);
  if (anchor === behind) return header.namesDfw(first, behind) ? outcome.NO_FAMILY : outcome.OTHER;
  const direction = findDirection(anchor + WORD, behind);
  if (direction >= behind) return outcome.NO_DIRECTION;

  const seenAt = header.readHeader(first, anchor);
  if (seenAt === NO_TIME) return outcome.NO_TIME_READ;
  const decided = readDecision(anchor + WORD, direction, row);
  if (decided !== outcome.EVENT) return decided;

  let addresses = direction + WORD;
  let arrow: usize = 0;
  for (; addresses < behind; addresses += WORD) {
    arrow = arrowIn(load<u32>(addresses), load<u32>(addresses, 4));
    if (arrow !== 0) break;
  }
  if (arrow === 0) return outcome.NO_ADDRESSES;
  const source = arrow > <usize>load<u32>(addresses) ? addresses : addresses - WORD;
  if (source === direction) return outcome.NO_ADDRESSES;
  const isSpaced = arrow + 2 === <usize>load<u32>(addresses, 4) && addresses + WORD < behind;
  const destination = isSpaced ? addresses + WORD : addresses;
  const protocol = readProtocol(direction + WORD, source, row);
  if (protocol < 0) return outcome.NO_PROTOCOL;
  const located = readEnds(source, arrow, destination, protocol, row);
  if (located !== outcome.EVENT) return located;
  readRest(destination + WORD, behind, lineEnd, protocol, row);

  store<i64>(row << 3, seenAt, SEEN_AT);
  const isOut = byteAt(load<u32>(direction)) !== 0x49;
  store<u8>(row, isOut ? 1 : 0, DIRECTION);
  store<u32>(row << 2, header.filter, FILTER);
  store<u32>(row << 2, header.host === 0 ? usualHost : header.host, HOST);
  return outcome.EVENT;
}

/** The first word that is `INET` or `INET6`; `behind` where there is none. */
@inline
function findAnchor(first: usize, behind: usize): usize {
  let word = first;
  for (; word < behind; word += WORD) {
    const start: usize = load<u32>(word);
    if (load<u32>(start) !== INET) continue;
    const length = load<u32>(word, 4) - <u32>start;
    if (length === 4 || (length === 5 && byteAt(start + 4) === 0x36)) break;
  }
  return word;
}

/** The first word that is `IN` or `OUT`; `behind` where there is none. */
@inline
function findDirection(from: usize, behind: usize): usize {
  let word = from;
  for (; word < behind; word += WORD) {
    const start: usize = load<u32>(word);
    const length = load<u32>(word, 4) - <u32>start;
    const letters = <u32>load<u16>(start);
    if (length === 2 && letters === IN) break;
    if (length === 3 && letters === OU && byteAt(start + 2) === 0x54) break;
  }
  return word;
}
