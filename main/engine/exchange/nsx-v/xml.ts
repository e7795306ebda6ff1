/** An XML element: its text, or its children. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly content: string | readonly XmlElement[];
}

/** Makes an element; children that are not there are left out. */
export function element(
  name: string,
  content: string | readonly (XmlElement | undefined)[],
  attributes?: Readonly<Record<string, string>>,
): XmlElement {
  const kept = typeof content === 'string' ? content : content.filter((each) => each !== undefined);
  return { name, content: kept, attributes };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 cannot hold at all, not even escaped (https://www.w3.org/TR/xml/#charsets). */
// eslint-disable-next-line no-control-regex -- these are the characters meant
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Whether the text holds a character that no XML document can hold. */
export function isImpossibleInXml(text: string): boolean {
  return text.search(IMPOSSIBLE) >= 0;
}

/** A text as it stands in XML, in an element or an attribute; impossible characters become U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/[\t\n\r\u0085\u2028]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function write({ name, attributes = {}, content }: XmlElement, indent: string | null): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  const open = `<${name}${pairs.join('')}`;
  const [before, after] = indent === null ? ['', ''] : [indent, '\n'];
  if (typeof content === 'string') {
    return content === ''
      ? `${before}${open}/>${after}`
      : `${before}${open}>${xmlText(content)}</${name}>${after}`;
  }
  if (content.length === 0) return `${before}${open}/>${after}`;
  const inner = content.map((child) => write(child, indent === null ? null : `${indent}  `));
  return `${before}${open}>${after}${inner.join('')}${before}</${name}>${after}`;
}

/** The document of a root element, indented. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`;
}

/** An element on one line. */
export function xmlLine(root: XmlElement): string {
  return write(root, null);
}
