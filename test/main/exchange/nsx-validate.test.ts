import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkNsxTree } from '../../../main/engine/exchange/nsx-t/check.ts';
import { nsxProblems, schemaProblems } from '../../support/nsx-validate.ts';

type Node = Record<string, unknown>;

const golden = (name: string) =>
  readFileSync(new URL(`../../golden/nsx-t/${name}/expected.json`, import.meta.url), 'utf8');

const BASE = golden('ipv6-members');
const WEB = '/infra/domains/default/groups/segwright-SGTWEB6';
const MIRRORS = '/infra/domains/default/groups/segwright-mirrors';

/** The first object of a type (and id) anywhere in a tree. */
function find(tree: unknown, type: string, id?: string): Node {
  const waiting: unknown[] = [tree];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (typeof next !== 'object' || next === null) continue;
    const node = next as Node;
    if (node['resource_type'] === type && (id === undefined || node['id'] === id)) return node;
    waiting.push(...Object.values(node));
  }
  throw new Error(`no ${type} ${id ?? ''}`);
}

const rule = (tree: unknown, id = 'dual-web') => find(tree, 'Rule', id);
const group = (tree: unknown, name = 'SGTWEB6') => find(tree, 'Group', `segwright-${name}`);
const addresses = (tree: unknown) => find(group(tree), 'IPAddressExpression');
const expressions = (tree: unknown) => group(tree)['expression'] as Node[];
const ports = (tree: unknown) => find(tree, 'L4PortSetServiceEntry');

/** Errors to plant: a name, and what spoils a good body. */
const ERRORS: readonly (readonly [string, (tree: unknown) => void])[] = [
  ['an action no API knows', (tree) => (rule(tree)['action'] = 'PERMIT')],
  ['a field no API knows', (tree) => (rule(tree)['sources'] = ['ANY'])],
  ['a field only the manager sets', (tree) => (rule(tree)['rule_id'] = 1234)],
  ['a truth value written as text', (tree) => (rule(tree)['logged'] = 'true')],
  ['a rule without an id', (tree) => delete rule(tree)['id']],
  ['a rule that leaves its sequence number out', (tree) => delete rule(tree)['sequence_number']],
  ['a rule that leaves its scope out', (tree) => delete rule(tree)['scope']],
  ['a sequence number used twice', (tree) => (rule(tree, 'dual-out')['sequence_number'] = 10)],
  ['rules out of order', (tree) => (rule(tree, 'dual-out')['sequence_number'] = 5)],
  ['ANY beside a group', (tree) => (rule(tree)['source_groups'] = ['ANY', WEB])],
  ['an empty list of sources', (tree) => (rule(tree)['source_groups'] = [])],
  ['an empty list of services', (tree) => (rule(tree)['services'] = [])],
  ['a group that is not in the file', (tree) => (rule(tree)['source_groups'] = [`${WEB}x`])],
  ['a service that is not in the file', (tree) => (rule(tree)['services'] = ['/infra/services/S'])],
  ['the same path twice', (tree) => (rule(tree)['source_groups'] = [WEB, WEB])],
  ['an IP set in Applied To', (tree) => (rule(tree)['scope'] = [MIRRORS])],
  ['a part of addresses in Applied To', (tree) => (rule(tree)['scope'] = [`${WEB}-ipv6`])],
  ['129 sources', (tree) => (rule(tree)['source_groups'] = Array<string>(129).fill(WEB))],
  ['a tag of 33 characters', (tree) => (rule(tree)['tag'] = 'x'.repeat(33))],
  ['a tag with blanks', (tree) => (rule(tree)['tag'] = 'web to app')],
  ['an id with a slash', (tree) => (rule(tree)['id'] = 'web/app')],
  ['an id outside ASCII', (tree) => (rule(tree)['id'] = 'größe')],
  ['an id of 256 characters', (tree) => (rule(tree)['id'] = 'x'.repeat(256))],
  ['a name of 256 characters', (tree) => (rule(tree)['display_name'] = 'x'.repeat(256))],
  ['notes of 2,049 characters', (tree) => (rule(tree)['notes'] = 'x'.repeat(2_049))],
  ['a jump', (tree) => (rule(tree)['action'] = 'JUMP_TO_APPLICATION')],
  ['a policy with a scope of its own', (tree) => (find(tree, 'SecurityPolicy')['scope'] = [WEB])],
  ['a policy without rules', (tree) => (find(tree, 'SecurityPolicy')['rules'] = [])],
  ['an unknown category', (tree) => (find(tree, 'SecurityPolicy')['category'] = 'Ethernet')],
  ['an address that is none', (tree) => (addresses(tree)['ip_addresses'] = ['192.0.2.300'])],
  ['no address', (tree) => (addresses(tree)['ip_addresses'] = [])],
  ['a reversed range', (tree) => (addresses(tree)['ip_addresses'] = ['192.0.2.9-192.0.2.1'])],
  [
    'two families in one expression',
    (tree) => (addresses(tree)['ip_addresses'] = ['192.0.2.1', '2001:db8::1']),
  ],
  [
    '4,001 addresses in one expression',
    (tree) => {
      const list = Array.from({ length: 4_001 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`);
      addresses(tree)['ip_addresses'] = list;
    },
  ],
  ['an expression list that ends in OR', (tree) => expressions(tree).pop()],
  ['two expressions without OR between', (tree) => expressions(tree).splice(1, 1)],
  [
    'two address expressions in one group',
    (tree) => {
      const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
      const list = { resource_type: 'IPAddressExpression', ip_addresses: ['192.0.2.77'] };
      expressions(tree).push(or, list);
    },
  ],
  ['a group inside itself', (tree) => (find(group(tree), 'PathExpression')['paths'] = [WEB])],
  ['a part that is not in the file', (tree) => (group(tree, 'SGTWEB6-ipv6')['id'] = 'elsewhere')],
  ['two groups with one id', (tree) => (group(tree, 'SGTDB6-ipv6')['id'] = 'segwright-sgtdb6')],
  ['a port as a number', (tree) => (ports(tree)['destination_ports'] = [443])],
  ['a port over 65,535', (tree) => (ports(tree)['destination_ports'] = ['65536'])],
  ['a range of one port', (tree) => (ports(tree)['destination_ports'] = ['443-443'])],
  [
    '16 ports in one entry',
    (tree) => (ports(tree)['destination_ports'] = Array.from({ length: 16 }, (_, i) => `${i + 1}`)),
  ],
  [
    'eight ranges in one entry',
    (tree) =>
      (ports(tree)['destination_ports'] = Array.from({ length: 8 }, (_, i) => `${i}0-${i}5`)),
  ],
  ['an empty list of ports', (tree) => (ports(tree)['destination_ports'] = [])],
  ['SCTP with a port list', (tree) => (ports(tree)['l4_protocol'] = 'SCTP')],
  ['a service without entries', (tree) => (find(tree, 'Service')['service_entries'] = [])],
  [
    'a wrapper with its key in lower case',
    (tree) => {
      const child = find(tree, 'ChildGroup');
      child['group'] = child['Group'];
      delete child['Group'];
    },
  ],
  ['a child no API knows', (tree) => (find(tree, 'ChildGroup')['resource_type'] = 'ChildFoo')],
];

describe('the check of NSX-T documents', () => {
  it('accepts the body the errors are planted in', () => {
    expect(nsxProblems(BASE)).toEqual([]);
  });

  it.each(ERRORS)('refuses %s', (_, spoil) => {
    const tree: unknown = JSON.parse(BASE);
    spoil(tree);
    expect(nsxProblems(JSON.stringify(tree))).not.toEqual([]);
  });

  it.each(ERRORS)('of the product refuses %s too', (_, spoil) => {
    const tree: unknown = JSON.parse(BASE);
    spoil(tree);
    expect(checkNsxTree([tree], '3')).not.toEqual([]);
  });

  it('of the product accepts the body, and every accepted one', () => {
    expect(checkNsxTree([JSON.parse(BASE)], '3')).toEqual([]);
    for (const name of ['services', 'parent-group', 'web-to-app-vip', 'ip-set-names'])
      expect(checkNsxTree([JSON.parse(golden(name))], '4')).toEqual([]);
  });

  it('accepts a list of 4,000 addresses, which 3.1 just allows', () => {
    const tree: unknown = JSON.parse(BASE);
    const list = Array.from({ length: 4_000 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`);
    addresses(tree)['ip_addresses'] = list;
    expect(schemaProblems(tree)).toEqual([]);
  });
});
