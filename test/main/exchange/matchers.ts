import { PREDEFINED_SERVICES } from '../../../main/engine/exchange/model/predefined.ts';
import {
  CATEGORIES,
  type Rule,
  type RuleObject,
  type Ruleset,
} from '../../../shared/domain/ruleset.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import { parseAddress, parseAddressRange, rangeHas } from '../../../shared/net/address.ts';
import { parseService, serviceHas } from '../../../shared/net/service.ts';
import type { ReadBody, ReadRule, ReadServiceEntry } from '../../support/nsx-body.ts';
import type { Packet } from './arbitraries.ts';

/** Which rule decides and how; `null` where none matches. */
export interface Decision {
  readonly action: string;
  readonly tag: string;
}

function textHas(text: string, address: string): boolean {
  const range = parseAddressRange(text);
  const parsed = parseAddress(address);
  return range !== undefined && parsed !== undefined && rangeHas(range, parsed);
}

function isRightFamily(version: string, { source, destination }: Packet): boolean {
  const families = [source, destination].map((text) => parseAddress(text)?.family);
  if (families[0] !== families[1]) return false;
  return version === 'IPV4_IPV6' || version === `IPV${families[0] ?? ''}`;
}

function groupHas(
  inventory: Inventory,
  name: string,
  address: string,
  seen: string[] = [],
): boolean {
  const group = inventory.groups.find((each) => each.name === name);
  if (group === undefined || seen.includes(name)) return false;
  return (
    group.members.includes(address) ||
    group.children.some((child) => groupHas(inventory, child, address, [...seen, name]))
  );
}

function byCategory<T extends { readonly category: string }>(policies: readonly T[]): readonly T[] {
  const rank = ({ category }: T) => CATEGORIES.findIndex((each) => each === category);
  return policies.toSorted((a, b) => rank(a) - rank(b));
}

/** The decision as the ruleset means it: the first rule that matches, category by category. */
export function decideByRuleset(
  ruleset: Ruleset,
  inventory: Inventory,
  packet: Packet,
): Decision | null {
  const objectHas = (object: RuleObject, address: string) =>
    object.kind === 'group'
      ? groupHas(inventory, object.name, address)
      : object.addresses.some((text) => textHas(text, address));
  const sideHas = (side: readonly RuleObject[], address: string) =>
    side.length === 0 || side.some((object) => objectHas(object, address));
  const vantage = packet.direction === 'IN' ? packet.destination : packet.source;
  const matches = (rule: Rule) =>
    !rule.disabled &&
    (rule.direction === 'IN_OUT' || rule.direction === packet.direction) &&
    isRightFamily(rule.ipVersion, packet) &&
    (rule.appliedTo.length === 0 ||
      rule.appliedTo.some((name) => groupHas(inventory, name, vantage))) &&
    sideHas(rule.sources, packet.source) &&
    sideHas(rule.destinations, packet.destination) &&
    (rule.services.length === 0 ||
      rule.services.some((text) => {
        const service = parseService(text);
        return service !== undefined && serviceHas(service, packet.protocol, packet.port);
      }));
  const rule = byCategory(ruleset.policies)
    .flatMap(({ rules }) => rules)
    .find(matches);
  return rule === undefined ? null : { action: rule.action, tag: rule.tag };
}

function entryHas(entry: ReadServiceEntry, { protocol, port }: Packet): boolean {
  switch (entry.resource_type) {
    case 'L4PortSetServiceEntry':
      return (
        protocol === (entry.l4_protocol === 'TCP' ? 6 : 17) &&
        (entry.destination_ports?.some((text) => {
          const [first, last = first] = text.split('-').map(Number);
          return first !== undefined && last !== undefined && first <= port && port <= last;
        }) ??
          true)
      );
    case 'ICMPTypeServiceEntry':
      return protocol === (entry.protocol === 'ICMPv4' ? 1 : 58);
    case 'IGMPTypeServiceEntry':
      return protocol === 2;
    default:
      return protocol === entry.protocol_number;
  }
}

/** Whether a service every manager has is the packet's. */
function predefinedHas(path: string, { protocol, port }: Packet): boolean {
  const found = [...PREDEFINED_SERVICES].find(([, { id }]) => path === `/infra/services/${id}`);
  const service = found === undefined ? undefined : parseService(found[0]);
  return service !== undefined && serviceHas(service, protocol, port);
}

function pathHas(body: ReadBody, path: string, address: string): boolean {
  return (body.groups.get(path)?.expression ?? []).some(
    (each) =>
      each.ip_addresses?.some((text) => textHas(text, address)) === true ||
      each.paths?.some((inner) => pathHas(body, inner, address)) === true,
  );
}

/**
 * The decision as a manager would come to it from the document: categories in their order, then
 * sequence numbers. No virtual machine carries a tag here, so conditions match nothing.
 */
export function decideByBody(body: ReadBody, packet: Packet): Decision | null {
  const vantage = packet.direction === 'IN' ? packet.destination : packet.source;
  const listHas = (paths: readonly string[], address: string) =>
    paths.some((path) => path === 'ANY' || pathHas(body, path, address));
  const matches = (rule: ReadRule) =>
    !rule.disabled &&
    (rule.direction === 'IN_OUT' || rule.direction === packet.direction) &&
    isRightFamily(rule.ip_protocol, packet) &&
    listHas(rule.scope, vantage) &&
    listHas(rule.source_groups, packet.source) &&
    listHas(rule.destination_groups, packet.destination) &&
    rule.services.some(
      (path) =>
        path === 'ANY' ||
        predefinedHas(path, packet) ||
        body.services.get(path)?.service_entries.some((entry) => entryHas(entry, packet)) === true,
    );
  const policies = body.policies.toSorted((a, b) => a.sequence_number - b.sequence_number);
  const rule = byCategory(policies)
    .flatMap(({ rules }) => rules.toSorted((a, b) => a.sequence_number - b.sequence_number))
    .find(matches);
  return rule === undefined ? null : { action: rule.action, tag: rule.tag };
}
