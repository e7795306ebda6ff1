/**
 * The text of a file: UTF-8, UTF-16 by its byte order mark or by its empty bytes, and otherwise
 * Windows-1252, which spreadsheets write. The byte order mark is left out.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = bytes.subarray(0, 200);
  const empty = (odd: number) => head.filter((byte, at) => byte === 0 && at % 2 === odd).length;
  if (empty(1) > head.length / 4) return new TextDecoder('utf-16le').decode(bytes);
  if (empty(0) > head.length / 4) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
