const ZERO = 0x30;
const NINE = 0x39;
const SLASH = 0x2f;
const DOT = 0x2e;
const MINUS = 0x2d;

/** Whether the byte is an ASCII digit. */
export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** The bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Whether the bytes from `start` to before `end` are exactly the text. */
export function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text[at]) return false;
  return true;
}

/** Reads decimal digits from `start` to before `end`; -1 where there is anything else, nothing, or more than `most`. */
export function parseNumber(bytes: Uint8Array, start: number, end: number, most: number): number {
  if (start >= end || end - start > 16) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > most ? -1 : value;
}

/** Whether a minus sign and one or more digits, and nothing else, stand from `start` to before `end`. */
export function isNegative(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || bytes[start] !== MINUS) return false;
  for (let at = start + 1; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

/** Reads two decimal digits; -1 where they are none. */
export function parsePair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Reads a dotted IPv4 address as a number; -1 where it is none. Leading zeros are refused. */
export function parseIpv4(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) {
      if (digits === 0 || octet > 255) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else {
      if (byte < ZERO || byte > NINE || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + byte - ZERO;
      if (++digits > 3) return -1;
    }
  }
  if (dots !== 3 || digits === 0 || octet > 255) return -1;
  return value * 256 + octet;
}

/** Where the first `/` stands from `start` to before `end`; `end` where there is none. */
export function slashBefore(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === SLASH) return at;
  return end;
}
