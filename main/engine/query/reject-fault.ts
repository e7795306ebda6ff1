import type { TextSpan } from '../../../shared/domain/archive.ts';

interface Word extends TextSpan {
  readonly text: string;
}

function wordsOf(line: string): readonly Word[] {
  return [...line.matchAll(/[^ \t\r]+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The words from one to before another as one piece of the line. */
function spanOf(words: readonly Word[], from: number, to: number): TextSpan | null {
  const first = words[from];
  const last = words[to - 1];
  return first === undefined || last === undefined || to <= from
    ? null
    : { start: first.start, end: last.end };
}

const PORT = /^(?:[^/]*)\/(.*)$/;

function isBadEnd(end: string, isPort: boolean): boolean {
  if (!isPort) return !/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:\/|$)/.test(end) && !isIpv4(end);
  const port = PORT.exec(end)?.[1];
  return port === undefined || !/^\d{1,16}$/.test(port) || Number(port) > 65_535;
}

function isIpv4(end: string): boolean {
  const octets = (end.split('/')[0] ?? '').split('.');
  return (
    octets.length === 4 &&
    octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)
  );
}

/** The end of a connection that is at fault, in the word with the arrow. */
function badEnd(word: Word, isPort: boolean): TextSpan {
  const arrow = word.text.indexOf('->');
  const ends = [
    { text: word.text.slice(0, arrow), start: word.start, end: word.start + arrow },
    { text: word.text.slice(arrow + 2), start: word.start + arrow + 2, end: word.end },
  ];
  const bad = ends.find((end) => end.text !== '' && isBadEnd(end.text, isPort));
  return bad === undefined ? word : { start: bad.start, end: bad.end };
}

/**
 * Where a rejected line of the DFW is at fault, found by the anchors the parser goes by: the word
 * that could not be read, or the end of the line where something is missing.
 *
 * @returns `null` where the line is no DFW line or the reason points nowhere
 */
export function faultIn(line: string, reason: string): TextSpan | null {
  const words = wordsOf(line);
  const family = words.findIndex(({ text }) => text === 'INET' || text === 'INET6');
  const end = { start: line.trimEnd().length, end: line.trimEnd().length };
  if (reason === 'cut off') return end;
  if (family < 0) return null;
  if (reason === 'no time') return spanOf(words, 0, family);
  const way = words.findIndex(({ text }, at) => at > family && (text === 'IN' || text === 'OUT'));
  if (reason === 'no direction') return spanOf(words, family + 1, words.length) ?? end;
  if (way < 0) return null;
  const arrow = words.findIndex(({ text }, at) => at > way && text.includes('->'));
  switch (reason) {
    case 'no rule':
      return spanOf(words, way - 1, way);
    case 'no action':
      return spanOf(words, family + 1, way - 1);
    case 'no protocol':
      return spanOf(words, way + 1, arrow < 0 ? words.length : arrow) ?? end;
    case 'no addresses':
      return spanOf(words, way + 1, words.length) ?? end;
    case 'bad address':
    case 'name for address':
    case 'bad port':
    case 'no port': {
      const word = words[arrow];
      return word === undefined ? null : badEnd(word, reason.endsWith('port'));
    }
    default:
      return null;
  }
}
