/** A value of HCL: a text, a number, a truth value, a list of texts, or a reference written as it stands. */
export type HclValue =
  | string
  | number
  | boolean
  | { readonly reference: string }
  | readonly (string | { readonly reference: string })[];

/** An attribute or a block in a block. */
export type HclItem =
  { readonly kind: 'attribute'; readonly name: string; readonly value: HclValue } | HclBlock;

/** A block with labels and a body. */
export interface HclBlock {
  readonly kind: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly HclItem[];
}

/** Lists longer than this stand one item a line. */
const LINE_LENGTH = 100;

/** Makes an attribute. */
export function attribute(name: string, value: HclValue): HclItem {
  return { kind: 'attribute', name, value };
}

/** Makes a block. */
export function block(
  type: string,
  body: readonly HclItem[],
  labels: readonly string[] = [],
): HclBlock {
  return { kind: 'block', type, labels, body };
}

/** A text as an HCL literal: no interpolation, no directive, no line break. */
export function hclText(text: string): string {
  const escaped = text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/["\\]/g, (sign) => `\\${sign}`)
    .replace(/\$\{/g, () => '$${')
    .replace(/%\{/g, '%%{')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    // eslint-disable-next-line no-control-regex -- these are the characters meant
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (sign) => {
      return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  return `"${escaped}"`;
}

function itemText(item: string | { readonly reference: string }): string {
  return typeof item === 'string' ? hclText(item) : item.reference;
}

function valueText(value: HclValue, indent: string, room: number): string {
  if (typeof value === 'string') return hclText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if ('reference' in value) return value.reference;
  const items = value.map(itemText);
  const line = `[${items.join(', ')}]`;
  if (line.length <= room) return line;
  return `[\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}]`;
}

function attributeLines(
  run: readonly (HclItem & { readonly kind: 'attribute' })[],
  indent: string,
): readonly string[] {
  const written = run.map(({ name, value }) => ({
    name,
    text: valueText(value, indent, LINE_LENGTH),
  }));
  const lines: string[] = [];
  for (let at = 0; at < written.length;) {
    let end = at;
    while (end < written.length && written[end]?.text.includes('\n') === false) end++;
    const group = written.slice(at, Math.max(end, at + 1));
    const width = Math.max(...group.map(({ name }) => name.length));
    for (const { name, text } of group) lines.push(`${indent}${name.padEnd(width)} = ${text}\n`);
    at += group.length;
  }
  return lines;
}

function blockText({ type, labels, body }: HclBlock, indent: string): string {
  const head = [type, ...labels.map(hclText)].join(' ');
  if (body.length === 0) return `${indent}${head} {}\n`;
  const inner = `${indent}  `;
  const parts: string[] = [];
  for (let at = 0; at < body.length;) {
    const item = body[at];
    if (item?.kind === 'block') {
      if (at > 0) parts.push('\n');
      parts.push(blockText(item, inner));
      at++;
      continue;
    }
    const run: (HclItem & { readonly kind: 'attribute' })[] = [];
    for (let next = body[at]; next?.kind === 'attribute'; next = body[++at]) run.push(next);
    parts.push(...attributeLines(run, inner));
  }
  return `${indent}${head} {\n${parts.join('')}${indent}}\n`;
}

/** Blocks as a file, formatted as `terraform fmt` formats. */
export function hclDocument(blocks: readonly HclBlock[]): string {
  return blocks.map((each) => blockText(each, '')).join('\n');
}
