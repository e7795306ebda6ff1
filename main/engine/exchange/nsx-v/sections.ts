import type { Rule } from '../../../../shared/domain/ruleset.ts';
import type { ModelPolicy, ModelRule } from '../model/export-model.ts';
import { quote, type ExportReport } from '../model/report.ts';
import { portLists, type ModelService } from '../model/services.ts';
import { element, isImpossibleInXml, type XmlElement } from './xml.ts';

/** Characters of a log tag that managers keep. */
export const TAG_LENGTH = 30;

/** Port values of one inline service; a range counts two. */
const PORTS = 15;

/** A side of a rule as elements: `null` for any. */
export interface Side {
  readonly items: readonly XmlElement[];
  readonly isNegated: boolean;
}

/** What is written of a rule; one rule of the ruleset may need two. */
export interface VRule {
  readonly name: string;
  readonly id: string | null;
  readonly sources: Side | null;
  readonly destinations: Side | null;
  readonly services: readonly XmlElement[];
  readonly appliedTo: readonly XmlElement[];
  readonly direction: Rule['direction'];
  readonly disabled: boolean;
}

/** The Applied To of a rule for the whole distributed firewall. */
export const WHOLE_FIREWALL: readonly XmlElement[] = [
  element('appliedTo', [
    element('name', 'DISTRIBUTED_FIREWALL'),
    element('value', 'DISTRIBUTED_FIREWALL'),
    element('type', 'DISTRIBUTED_FIREWALL'),
  ]),
];

/** The words managers answer for what a rule does. */
export const ACTIONS = { ALLOW: 'allow', DROP: 'deny', REJECT: 'reject' } as const;
const DIRECTIONS = { IN: 'in', OUT: 'out', IN_OUT: 'inout' } as const;
const PACKET_TYPES = { IPV4: 'ipv4', IPV6: 'ipv6', IPV4_IPV6: 'any' } as const;

function l4Services(service: ModelService): readonly XmlElement[] {
  const listsOf = (ports: ModelService['ports']) =>
    ports.length === 0 ? [undefined] : portLists(ports, PORTS);
  return listsOf(service.ports).flatMap((destination) =>
    listsOf(service.sources).map((source) =>
      element('service', [
        element('protocol', String(service.protocol)),
        element('protocolName', service.protocol === 6 ? 'TCP' : 'UDP'),
        destination === undefined ? undefined : element('destinationPort', destination.join(',')),
        source === undefined ? undefined : element('sourcePort', source.join(',')),
      ]),
    ),
  );
}

/** The services of a rule, said without any object. */
export function inlineServices(
  { rule, services }: ModelRule,
  report: ExportReport,
): readonly XmlElement[] {
  return services.flatMap((service) => {
    const { protocol, ports, sources, icmp, key } = service;
    if (protocol === 6 || protocol === 17) return l4Services(service);
    if (ports.length + sources.length > 0) {
      report.refuse(rule, 'services', `NSX-v knows ${key} only without ports, as one IP protocol`);
      return [];
    }
    if (icmp.some(({ code }) => code !== null)) {
      report.refuse(rule, 'services', `NSX-v knows ICMP types, but not the codes of ${key}`);
      return [];
    }
    const number = element('protocol', String(protocol));
    if (icmp.length === 0) return [element('service', [number])];
    return icmp.map(({ type }) =>
      element('service', [number, element('subProtocol', String(type))]),
    );
  });
}

function sideElement(name: string, item: Side | null): XmlElement | undefined {
  if (item === null) return undefined;
  return element(name, item.items, { excluded: String(item.isNegated) });
}

function ruleElement(rule: Rule, tag: string, own: VRule): XmlElement {
  const attributes = { disabled: String(own.disabled), logged: String(rule.logged) };
  return element(
    'rule',
    [
      element('name', own.name),
      element('action', ACTIONS[rule.action]),
      rule.notes === '' ? undefined : element('notes', rule.notes),
      element('appliedToList', own.appliedTo),
      sideElement('sources', own.sources),
      sideElement('destinations', own.destinations),
      own.services.length === 0 ? undefined : element('services', own.services),
      element('direction', DIRECTIONS[own.direction]),
      element('packetType', PACKET_TYPES[rule.ipVersion]),
      tag === '' ? undefined : element('tag', tag),
    ],
    own.id === null ? attributes : { id: own.id, ...attributes },
  );
}

/** Log tags of at most 30 characters, by the tags as they are; those that were shortened stay apart. */
export function shortTags(
  policies: readonly ModelPolicy[],
  report: ExportReport,
): ReadonlyMap<string, string> {
  const rules = policies.flatMap((policy) => policy.rules.map(({ rule }) => rule));
  const taken = new Set(rules.map(({ tag }) => tag).filter((tag) => tag.length <= TAG_LENGTH));
  const shortOf = new Map<string, string>();
  for (const { tag } of rules) {
    if (tag.length <= TAG_LENGTH || shortOf.has(tag)) continue;
    let short = tag.slice(0, TAG_LENGTH);
    for (let number = 2; taken.has(short); number++) {
      const ending = `-${number}`;
      short = tag.slice(0, TAG_LENGTH - ending.length) + ending;
    }
    taken.add(short);
    shortOf.set(tag, short);
  }
  for (const rule of rules) {
    const short = shortOf.get(rule.tag);
    if (short === undefined) continue;
    const message = `The tag "${rule.tag}" of rule ${quote(rule.name)} is longer than the ${TAG_LENGTH} characters NSX-v keeps; it is written as "${short}".`;
    report.warnOf(rule, 'tag', message);
  }
  return shortOf;
}

/** Warns of characters no XML document can hold. */
export function warnAboutCharacters(policies: readonly ModelPolicy[], report: ExportReport): void {
  for (const { rules } of policies) {
    for (const { rule, sources, destinations, appliedTo } of rules) {
      const names = [...sources, ...destinations, ...appliedTo].map(({ name }) => name);
      if (![rule.name, rule.notes, ...names].some(isImpossibleInXml)) continue;
      const message = `Rule ${quote(rule.name)} holds characters that XML cannot hold; they are written as U+FFFD.`;
      report.warnOf(rule, 'name', message);
    }
  }
}

/** A section, its rules in their order. */
export function sectionElement(
  policy: ModelPolicy,
  tags: ReadonlyMap<string, string>,
  write: (rule: ModelRule) => readonly VRule[],
  attributes: Readonly<Record<string, string>> = {},
): XmlElement {
  return element(
    'section',
    policy.rules.flatMap((model) =>
      write(model).map((own) =>
        ruleElement(model.rule, tags.get(model.rule.tag) ?? model.rule.tag, own),
      ),
    ),
    { ...attributes, name: policy.policy.name },
  );
}
