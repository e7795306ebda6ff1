import { XMLParser } from 'fast-xml-parser';
import { isObject, type JsonObject } from './json.ts';

/** An element as it was read: its attributes, and its children by name. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** Replaces the five entities of XML and numbers of characters; no other entity is ever looked up. */
function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function nodesOf(list: unknown): readonly XmlNode[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).filter(isObject).flatMap((item: JsonObject) => {
    const name = Object.keys(item).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined || name.startsWith('?')) return [];
    const content = item[name];
    const attributes: Record<string, string> = {};
    if (isObject(item[':@'])) {
      for (const [key, value] of Object.entries(item[':@']))
        attributes[key] = decode(String(value));
    }
    const texts = Array.isArray(content) ? (content as unknown[]).filter(isObject) : [];
    const text = texts
      .map((each) => each['#text'])
      .filter((each) => typeof each === 'string')
      .join('');
    return [{ name, attributes, children: nodesOf(content), text: decode(text) }];
  });
}

/** Reads an XML document or several one after the other; nothing where it is none, or has a DOCTYPE. */
export function readXml(text: string): readonly XmlNode[] | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    trimValues: false,
    ignoreDeclaration: true,
  });
  try {
    const nodes = nodesOf(parser.parse(text));
    return nodes.length === 0 ? undefined : nodes;
  } catch {
    return undefined;
  }
}

/** The first child of a name. */
export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** All children of a name. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** The text of the first child of a name, or `''`. */
export function textOf(node: XmlNode, name: string): string {
  return childOf(node, name)?.text ?? '';
}
