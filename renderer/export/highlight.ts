/** A piece of a line that looks the same throughout. */
export interface Token {
  readonly kind: 'plain' | 'key' | 'text' | 'number' | 'word' | 'comment';
  readonly text: string;
}

type Pattern = readonly [kind: Token['kind'], pattern: RegExp];

const JSON_PATTERNS: readonly Pattern[] = [
  ['key', /"(?:[^"\\]|\\.)*"(?=\s*:)/y],
  ['text', /"(?:[^"\\]|\\.)*"/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['word', /\b(?:true|false|null)\b/y],
];

const XML_PATTERNS: readonly Pattern[] = [
  ['comment', /<!--.*?-->/y],
  ['key', /<\/?[\w:.-]+|\/?>|<\?[\w]+|\?>/y],
  ['text', /"[^"]*"/y],
  ['word', /[\w:.-]+(?==")/y],
];

const HCL_PATTERNS: readonly Pattern[] = [
  ['comment', /#.*/y],
  ['text', /"(?:[^"\\]|\\.)*"/y],
  ['key', /[A-Za-z_][\w-]*(?=\s*=)/y],
  [
    'word',
    /^(?:resource|data|terraform|provider|locals|variable|output)\b|\b(?:true|false|null)\b/y,
  ],
  ['number', /\b\d+\b/y],
];

const CSV_PATTERNS: readonly Pattern[] = [['text', /"(?:[^"]|"")*"?/y]];

const MARKDOWN_PATTERNS: readonly Pattern[] = [
  ['key', /^#+ .*/y],
  ['comment', /\|/y],
  ['text', /`[^`]*`/y],
];

function patternsOf(name: string): readonly Pattern[] {
  if (name.endsWith('.json')) return JSON_PATTERNS;
  if (/\.(?:xml|html)$/.test(name)) return XML_PATTERNS;
  if (name.endsWith('.tf')) return HCL_PATTERNS;
  if (name.endsWith('.csv')) return CSV_PATTERNS;
  return name.endsWith('.md') ? MARKDOWN_PATTERNS : [];
}

/** Lines longer than this stay plain: nobody reads them, and they would cost too much. */
const LONGEST = 2_000;

/** Cuts a line of the file into tokens by the file's ending; together they are the line. */
export function highlight(fileName: string, line: string): readonly Token[] {
  const patterns = patternsOf(fileName);
  if (patterns.length === 0 || line.length > LONGEST) return [{ kind: 'plain', text: line }];
  const tokens: Token[] = [];
  let plainFrom = 0;
  let at = 0;
  const flush = () => {
    if (at > plainFrom) tokens.push({ kind: 'plain', text: line.slice(plainFrom, at) });
  };
  while (at < line.length) {
    const found = patterns
      .map(([kind, pattern]) => {
        pattern.lastIndex = at;
        return { kind, text: pattern.exec(line)?.[0] ?? '' };
      })
      .find(({ text }) => text !== '');
    if (found === undefined) {
      const word = /[A-Za-z0-9_]+|./suy;
      word.lastIndex = at;
      at += word.exec(line)?.[0].length ?? 1;
      continue;
    }
    flush();
    tokens.push(found);
    at += found.text.length;
    plainFrom = at;
  }
  flush();
  return tokens;
}
