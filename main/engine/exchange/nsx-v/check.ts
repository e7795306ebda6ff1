import { parseAddressRange } from '../../../../shared/net/address.ts';
import type { XmlElement } from './xml.ts';

const END_TYPES = [
  'Ipv4Address',
  'Ipv6Address',
  'IPSet',
  'SecurityGroup',
  'VirtualMachine',
  'Vnic',
];
const APPLIED_TYPES = ['DISTRIBUTED_FIREWALL', 'SecurityGroup', 'VirtualMachine', 'Vnic'];

function childrenOf(node: XmlElement, name: string): readonly XmlElement[] {
  return typeof node.content === 'string'
    ? []
    : node.content.filter((child) => child.name === name);
}

function textIn(node: XmlElement, name: string): string | undefined {
  const content = childrenOf(node, name)[0]?.content;
  return typeof content === 'string' ? content : undefined;
}

function endProblems(end: XmlElement, types: readonly string[]): readonly string[] {
  const type = textIn(end, 'type') ?? '';
  const value = textIn(end, 'value') ?? '';
  if (!types.includes(type)) return [`${end.name} has the type "${type}"`];
  const family = type === 'Ipv4Address' ? 4 : type === 'Ipv6Address' ? 6 : undefined;
  if (family !== undefined && parseAddressRange(value)?.family !== family)
    return [`"${value}" is no ${type}`];
  return value === '' ? [`${end.name} has no value`] : [];
}

function portProblems(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const parts = text.split(',').map((part) => part.split('-').map(Number));
  const isRight = parts.every(
    ([first = NaN, last = NaN + 1, ...more]) =>
      more.length === 0 &&
      first >= 0 &&
      first <= 65_535 &&
      (Number.isNaN(last) || (last > first && last <= 65_535)),
  );
  const weight = parts.reduce((sum, part) => sum + part.length, 0);
  if (!isRight) return [`"${text}" is no list of ports`];
  return weight > 15 ? [`${weight} port values in one service, ranges counted twice`] : [];
}

function serviceProblems(service: XmlElement): readonly string[] {
  const protocol = Number(textIn(service, 'protocol') ?? NaN);
  if (textIn(service, 'value') !== undefined) return [];
  if (!(protocol >= 0 && protocol <= 255)) return ['a service has no protocol'];
  const problems = [
    ...portProblems(textIn(service, 'destinationPort')),
    ...portProblems(textIn(service, 'sourcePort')),
  ];
  const hasPorts = ['destinationPort', 'sourcePort'].some(
    (name) => textIn(service, name) !== undefined,
  );
  if (hasPorts && protocol !== 6 && protocol !== 17)
    problems.push('ports of a protocol that is neither TCP nor UDP');
  if (textIn(service, 'subProtocol') !== undefined && protocol !== 1 && protocol !== 58)
    problems.push('subProtocol, which is the ICMP type, of another protocol');
  return problems;
}

function listProblems(rule: XmlElement, name: string, item: string): readonly string[] {
  return childrenOf(rule, name).flatMap((list) => {
    const items = childrenOf(list, item);
    if (items.length === 0) return [`${name} is empty; it is left out for any`];
    const excluded = list.attributes?.['excluded'] ?? 'false';
    if (!['true', 'false'].includes(excluded)) return [`excluded is "${excluded}"`];
    if (item === 'service') return items.flatMap(serviceProblems);
    return items.flatMap((each) => endProblems(each, END_TYPES));
  });
}

function oneOf(rule: XmlElement, name: string, values: readonly string[]): readonly string[] {
  const value = textIn(rule, name);
  return value !== undefined && values.includes(value) ? [] : [`${name} is "${value ?? ''}"`];
}

function ruleProblems(rule: XmlElement): readonly string[] {
  const tag = textIn(rule, 'tag') ?? '';
  const applied = childrenOf(rule, 'appliedToList').flatMap((list) =>
    childrenOf(list, 'appliedTo'),
  );
  return [
    ...((textIn(rule, 'name') ?? '') === '' ? ['it has no name'] : []),
    ...oneOf(rule, 'action', ['allow', 'deny', 'reject']),
    ...oneOf(rule, 'direction', ['in', 'out', 'inout']),
    ...oneOf(rule, 'packetType', ['any', 'ipv4', 'ipv6']),
    ...(['disabled', 'logged'] as const).flatMap((name) =>
      ['true', 'false'].includes(rule.attributes?.[name] ?? '')
        ? []
        : [`${name} is no truth value`],
    ),
    ...(/^[A-Za-z0-9_-]{0,30}$/.test(tag) ? [] : [`its tag "${tag}" is not 30 safe characters`]),
    ...(applied.length === 0 ? ['it has no Applied To'] : []),
    ...applied.flatMap((each) => endProblems(each, APPLIED_TYPES)),
    ...listProblems(rule, 'sources', 'source'),
    ...listProblems(rule, 'destinations', 'destination'),
    ...listProblems(rule, 'services', 'service'),
  ];
}

/** What an NSX-v manager would refuse, ignore or read differently in a section. */
export function checkSection(section: XmlElement): readonly string[] {
  const problems: string[] = [];
  if ((section.attributes?.['name'] ?? '') === '') problems.push('The section has no name.');
  if (section.attributes?.['managedBy'] !== undefined)
    problems.push('The section belongs to Service Composer and must not be changed here.');
  childrenOf(section, 'rule').forEach((rule, at) => {
    const name = textIn(rule, 'name') ?? String(at + 1);
    for (const problem of ruleProblems(rule)) problems.push(`Rule "${name}": ${problem}.`);
  });
  return problems;
}
