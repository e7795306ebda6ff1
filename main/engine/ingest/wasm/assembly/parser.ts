import * as decision from './decision';
import * as header from './header';
import * as layout from './layout';
import { readLine } from './line';
import { BLANK, EVENT, OTHER } from './outcome';
import { FIRST_TOP } from './texts';
import { findWords } from './words';

export { setPassCode, setDialects } from './decision';
export { setTookYear } from './header';
export { setUsualHost } from './line';
export { setMonth } from './time';

/** Where the input goes; a line feed must end it, and 64 blanks at least must follow. */
export function inputStart(): usize {
  return layout.INPUT;
}

/** The longest input, which is the longest line with its line feed. */
export function inputCapacity(): usize {
  return layout.MAX_LINE_BYTES + 1;
}

/** The longest input of more than one line. */
export function windowCapacity(): usize {
  return layout.WINDOW_BYTES;
}

/** Rows that the columns have room for. */
export function rowCapacity(): usize {
  return layout.STAGE_ROWS;
}

/** Where the report of the last call lies: see `parseWindow`. */
export function reportStart(): usize {
  return layout.REPORT;
}

/** Where the records of rejected lines lie: index, start, end and outcome, 32 bits each. */
export function rejectsStart(): usize {
  return layout.REJECTS;
}

/** The end of what the compiler laid out; it must not reach into the layout. */
export function staticEnd(): usize {
  return __heap_base;
}

/** Where the fixed layout begins. */
export function layoutStart(): usize {
  return layout.LAYOUT_START;
}

/** The end of the fixed layout and of the first known texts; the memory must reach so far. */
export function layoutEnd(): usize {
  return FIRST_TOP;
}

/** Where a column begins, 0 for an unknown one. Columns are numbered as in `MODULE_COLUMNS`. */
export function columnStart(index: i32): usize {
  switch (index) {
    case 0: return layout.LINE;
    case 1: return layout.SEEN_AT;
    case 2: return layout.HOST;
    case 3: return layout.FILTER;
    case 4: return layout.KIND;
    case 5: return layout.REASON;
    case 6: return layout.ACTION;
    case 7: return layout.RULESET;
    case 8: return layout.RULE;
    case 9: return layout.DIRECTION;
    case 10: return layout.PROTOCOL;
    case 11: return layout.SRC;
    case 12: return layout.SRC_PORT;
    case 13: return layout.DST;
    case 14: return layout.DST_PORT;
    case 15: return layout.FLAGS;
    case 16: return layout.REPLY;
    case 17: return layout.CLOSE;
    case 18: return layout.ICMP;
    case 19: return layout.LENGTH;
    case 20: return layout.PACKETS_FORWARD;
    case 21: return layout.PACKETS_BACK;
    case 22: return layout.BYTES_FORWARD;
    case 23: return layout.BYTES_BACK;
    case 24: return layout.TAG;
    default: return 0;
  }
}

/**
 * Reads the lines of the input into the columns from `row` on, until its end, or until `rowLimit`
 * rows are filled or the rejects are full.
 *
 * The report holds bytes read, lines, rows filled, other, blank, rejects, dialects, and whether a
 * year was taken, 32 bits each.
 *
 * @param firstLine number of the first line
 */
export function parseWindow(length: usize, firstLine: u32, row: usize, rowLimit: usize): void {
  const lines = findWords(length);
  let words: usize = layout.WORDS;
  let start: usize = layout.INPUT;
  let reject: usize = layout.REJECTS;
  const rejectLimit = layout.REJECTS + layout.REJECT_BYTES * layout.STAGE_REJECTS;
  let other = 0;
  let blank = 0;
  let line = 0;
  while (line < lines && row < rowLimit && reject < rejectLimit) {
    const at = layout.LINE_ENDS + (<usize>line << 3);
    const end: usize = load<u32>(at);
    const behind: usize = load<u32>(at, 4);
    const outcome = readLine(words, behind, row);
    if (outcome === EVENT) {
      store<u32>(row << 2, firstLine + line, layout.LINE);
      row++;
    } else if (outcome === OTHER) {
      other++;
    } else if (outcome === BLANK) {
      blank++;
    } else {
      store<u32>(reject, line);
      store<u32>(reject, <u32>(start - layout.INPUT), 4);
      store<u32>(reject, <u32>(end - layout.INPUT), 8);
      store<u32>(reject, outcome, 12);
      reject += layout.REJECT_BYTES;
    }
    words = behind;
    start = end + 1;
    line++;
  }
  store<u32>(layout.REPORT, <u32>(start - layout.INPUT));
  store<u32>(layout.REPORT, line, 4);
  store<u32>(layout.REPORT, <u32>row, 8);
  store<u32>(layout.REPORT, other, 12);
  store<u32>(layout.REPORT, blank, 16);
  store<u32>(layout.REPORT, <u32>((reject - layout.REJECTS) / layout.REJECT_BYTES), 20);
  store<u32>(layout.REPORT, decision.dialects, 24);
  store<u32>(layout.REPORT, header.tookYear, 28);
}
