/**
 * Where everything lies in the linear memory. Regions have fixed addresses, so that every store
 * into a column is one instruction; the memory of known texts follows behind them and grows.
 */

/** A line of this many bytes is the longest that is read. */
export const MAX_LINE_BYTES: usize = 1 << 20;

/** Lines are read in windows of about this size, small enough to stay in the processor's cache. */
export const WINDOW_BYTES: usize = 1 << 16;

/** Rows that are held here before they are moved out. */
export const STAGE_ROWS: usize = 8192;

/** Rejected lines that are held here before they are told. */
export const STAGE_REJECTS: usize = 4096;

/** Bytes of a rejected line's record: number, start, end and outcome, 32 bits each. */
export const REJECT_BYTES: usize = 16;

/** Static data of the compiler lies below. */
export const LAYOUT_START: usize = 1 << 16;

/** What a call has read: see `report` in the entry file. */
export const REPORT: usize = LAYOUT_START;

export const SEEN_AT: usize = REPORT + 64;
export const BYTES_FORWARD: usize = SEEN_AT + 8 * STAGE_ROWS;
export const BYTES_BACK: usize = BYTES_FORWARD + 8 * STAGE_ROWS;
export const LINE: usize = BYTES_BACK + 8 * STAGE_ROWS;
export const HOST: usize = LINE + 4 * STAGE_ROWS;
export const FILTER: usize = HOST + 4 * STAGE_ROWS;
export const REASON: usize = FILTER + 4 * STAGE_ROWS;
export const ACTION: usize = REASON + 4 * STAGE_ROWS;
export const RULESET: usize = ACTION + 4 * STAGE_ROWS;
export const RULE: usize = RULESET + 4 * STAGE_ROWS;
export const SRC: usize = RULE + 4 * STAGE_ROWS;
export const DST: usize = SRC + 4 * STAGE_ROWS;
export const CLOSE: usize = DST + 4 * STAGE_ROWS;
export const LENGTH: usize = CLOSE + 4 * STAGE_ROWS;
export const PACKETS_FORWARD: usize = LENGTH + 4 * STAGE_ROWS;
export const PACKETS_BACK: usize = PACKETS_FORWARD + 4 * STAGE_ROWS;
export const TAG: usize = PACKETS_BACK + 4 * STAGE_ROWS;
export const SRC_PORT: usize = TAG + 4 * STAGE_ROWS;
export const DST_PORT: usize = SRC_PORT + 2 * STAGE_ROWS;
export const ICMP: usize = DST_PORT + 2 * STAGE_ROWS;
export const KIND: usize = ICMP + 2 * STAGE_ROWS;
export const DIRECTION: usize = KIND + STAGE_ROWS;
export const PROTOCOL: usize = DIRECTION + STAGE_ROWS;
export const FLAGS: usize = PROTOCOL + STAGE_ROWS;
export const REPLY: usize = FLAGS + STAGE_ROWS;

export const REJECTS: usize = REPLY + STAGE_ROWS;

/** Bytes behind the input that may be read, and are blanks. */
export const PADDING: usize = 128;

export const INPUT: usize = REJECTS + REJECT_BYTES * STAGE_REJECTS;
const INPUT_BYTES: usize = MAX_LINE_BYTES + 1 + PADDING;

/** Ends of lines: the address of the line feed, and the address behind the line's last word. */
export const LINE_ENDS: usize = (INPUT + INPUT_BYTES + 63) & ~63;

/** Words as pairs of addresses: first byte, and behind the last byte. Both lists may be written a little too far. */
export const WORDS: usize = LINE_ENDS + 8 * (WINDOW_BYTES + PADDING);
const WORDS_BYTES: usize = 4 * (INPUT_BYTES + PADDING);

/** The memory of known texts begins here. */
export const TEXTS: usize = (WORDS + WORDS_BYTES + 65_535) & ~65_535;
