import { XMLParser } from 'fast-xml-parser';
import { Failure, textOf } from '../../../shared/failure/failure.ts';
import { ContentBuilder } from './content.ts';

type Node = Readonly<Record<string, unknown>>;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Predefined entities and character references of XML 1.0 §4.6 and §4.1; others stay as they are. */
function unescape(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? all;
    const code = dec === undefined ? Number.parseInt(String(hex), 16) : Number(dec);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : '';
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textAt(node: Node, key: string): string {
  const value = node[key];
  return typeof value === 'string' ? unescape(value).trim() : '';
}

function nodesAt(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

/** All elements of a name, wherever they stand. */
function find(value: unknown, name: string, depth = 0): readonly Node[] {
  if (depth > 100) return [];
  if (Array.isArray(value)) return value.flatMap((item) => find(item, name, depth + 1));
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== name) return find(inner, name, depth + 1);
    return (Array.isArray(inner) ? inner : [inner]).filter(isNode);
  });
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: true,
});

/** Whether every element that opens is closed, in order. */
function isBalanced(source: string): boolean {
  const open: string[] = [];
  const bare = source.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/g, '');
  for (const [, close, name, rest] of bare.matchAll(/<(\/?)([^\s/>]+)([^>]*)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) return false;
    } else if (name !== undefined && rest?.endsWith('/') !== true) open.push(name);
  }
  return open.length === 0 && !/<[^>]*$/.test(bare);
}

function parse(source: string, file: string): unknown {
  if (/<!DOCTYPE/i.test(source)) {
    const problem = 'it defines a document type, which no NSX export does';
    throw new Failure('inventory-unreadable', { path: file, problem });
  }
  if (!isBalanced(source)) {
    const problem = 'its elements do not close; the file may be cut off';
    throw new Failure('inventory-unreadable', { path: file, problem });
  }
  try {
    return parser.parse(source) as unknown;
  } catch (thrown) {
    throw new Failure('inventory-unreadable', { path: file, problem: textOf(thrown) }, thrown);
  }
}

function readIpSets(
  nodes: readonly Node[],
  builder: ContentBuilder,
): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const name = textAt(node, 'name');
    const values = textAt(node, 'value')
      .split(/[\s,]+/)
      .filter((value) => value !== '');
    byId.set(textAt(node, 'objectId'), values);
    if (name === '') continue;
    const set = builder.set('ip-set', name);
    for (const value of values) builder.member(set, value);
  }
  return byId;
}

/** Addresses that `…/translation/ipaddresses` answers, where a script put them inside the group. */
function translated(node: Node): readonly string[] {
  return find(node, 'ipAddresses').flatMap((list) => {
    const strings = list['string'];
    return (Array.isArray(strings) ? strings : [strings]).flatMap((each) =>
      typeof each === 'string' ? unescape(each) : [],
    );
  });
}

/**
 * Reads security groups (`GET /api/2.0/services/securitygroup/scope/globalroot-0`) and IP sets
 * (`GET /api/2.0/services/ipset/scope/globalroot-0`) of NSX for vSphere, in one file or in two.
 * Members that are virtual machines are kept by name; IP sets and groups inside are resolved where
 * the file has them. Members by a dynamic definition are only those that a translation lists.
 *
 * @throws Failure `inventory-unreadable`
 */
export function readNsxvXml(
  source: string,
  file: string,
): { readonly builder: ContentBuilder; readonly hasGroups: boolean; readonly dynamic: number } {
  const document = parse(source, file);
  const ipsets = find(document, 'ipset');
  const groups = find(document, 'securitygroup');
  if (ipsets.length === 0 && groups.length === 0) {
    const problem = 'it holds no security group and no IP set of NSX for vSphere';
    throw new Failure('inventory-unreadable', { path: file, problem });
  }
  const builder = new ContentBuilder();
  const valuesOf = readIpSets(ipsets, builder);
  const byId = new Map(groups.map((node) => [textAt(node, 'objectId'), node]));
  let dynamic = 0;
  for (const node of groups) {
    const name = textAt(node, 'name');
    if (name === '') continue;
    if (node['dynamicMemberDefinition'] !== undefined && translated(node).length === 0) dynamic++;
    const set = builder.set('group', name);
    const inside = new Set([node]);
    for (const each of inside) {
      const left = new Set(
        nodesAt(each, 'excludeMember').map((member) => textAt(member, 'objectId')),
      );
      for (const value of translated(each)) builder.member(set, value);
      for (const member of nodesAt(each, 'member')) {
        const id = textAt(member, 'objectId');
        const nested = byId.get(id);
        if (left.has(id)) continue;
        if (nested !== undefined) inside.add(nested);
        else if (id.startsWith('vm-')) set.machines.add(textAt(member, 'name') || id);
        for (const value of valuesOf.get(id) ?? []) builder.member(set, value);
      }
      for (const machine of find(each, 'vmnode')) {
        const vm = textAt(machine, 'vmName');
        if (vm !== '') set.machines.add(vm);
      }
    }
  }
  return { builder, hasGroups: groups.length > 0, dynamic };
}
