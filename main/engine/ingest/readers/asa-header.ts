import type { MonthYears } from '../line-time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Offsets from UTC in hours of the zone names of RFC 5322 §4.3, and of Europe's. Others count as UTC. */
const ZONES: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
};

const ISO =
  /\b(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?(?=[\s:]|$)/g;
const BSD =
  /\b([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: ([A-Z]{3,5})(?=[\s:]|$))?/g;

/** What stands before a message's `%ASA-`. */
export interface AsaHeader {
  /** Milliseconds since 1970 UTC; NaN where there is no time. */
  readonly time: number;
  /** Empty where there is none. */
  readonly host: string;
  /** Whether the year of the time was taken from those given. */
  readonly tookYear: boolean;
}

interface FoundTime {
  readonly time: number;
  readonly start: number;
  readonly end: number;
  /** How much to believe it: 2 with a date and zone, 1 with a year, 0 with neither. */
  readonly rank: number;
}

/**
 * Reads the header of a Cisco syslog line in any of its forms: priority or none; ISO time, or month
 * and day with or without year and zone name; host or none; a colon with or without blanks around.
 * A relay's own time and host may stand before it: the surest time wins, then the last one, and the
 * host is that of the device where both name one.
 *
 * @param years the years of times that have none
 */
export function readAsaHeader(text: string, years: MonthYears): AsaHeader {
  const times = [...isoTimes(text), ...bsdTimes(text, years)].sort((a, b) => a.start - b.start);
  let best: FoundTime | undefined;
  for (const each of times) if (best === undefined || each.rank >= best.rank) best = each;
  if (best === undefined) {
    return { time: Number.NaN, host: hostIn(text), tookYear: false };
  }
  const hosts = times.map(({ end }) => hostIn(text.slice(end)));
  const host = hosts.findLast((each) => each !== '') ?? '';
  return { time: best.time, host, tookYear: best.rank === 0 };
}

/** The word at the beginning, without priority and colons, where it can be a host's name. */
function hostIn(text: string): string {
  const word = /^[\s:]*(?:<\d{1,3}>)?([^\s%<>]+)/.exec(text)?.[1]?.replace(/:+$/, '') ?? '';
  const isNumber = /^\d{1,5}$/.test(word);
  return isNumber || word === '-' || MONTHS.includes(word) || /^\d{4}-\d{2}-/.test(word)
    ? ''
    : word;
}

function isoTimes(text: string): readonly FoundTime[] {
  return [...text.matchAll(ISO)].flatMap((match) => {
    const [all, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
    const ms = fraction.padEnd(3, '0').slice(0, 3);
    const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
    const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${offset}`);
    return Number.isNaN(time)
      ? []
      : [{ time, start: match.index, end: match.index + all.length, rank: 2 }];
  });
}

function bsdTimes(text: string, years: MonthYears): readonly FoundTime[] {
  return [...text.matchAll(BSD)].flatMap((match) => {
    const [all, name = '', day, year, hour, minute, second, fraction = '', zone = ''] = match;
    const month = MONTHS.indexOf(name);
    const isValid =
      month >= 0 &&
      Number(day) >= 1 &&
      Number(day) <= 31 &&
      Number(hour) < 24 &&
      Number(minute) < 60;
    if (!isValid || Number(second) > 60) return [];
    const numbers = [Number(day), Number(hour) - (ZONES[zone] ?? 0), Number(minute)] as const;
    const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
    const inYear = year === undefined ? (years[month] ?? 1970) : Number(year);
    const time = Date.UTC(inYear, month, ...numbers, Number(second), ms);
    const end = match.index + all.length;
    return [{ time, start: match.index, end, rank: year === undefined ? 0 : 1 }];
  });
}
