import { hasPorts, parseService } from '../net/service.ts';
import type { RuleDraft, RuleObject } from './ruleset.ts';

/** What a rule allows as a count of source, destination and service together. */
export interface Allowance {
  /** Addresses that may open sessions; `null` for any. */
  readonly sources: number | null;
  /** Addresses that may be reached; `null` for any. */
  readonly destinations: number | null;
  /** Ports (or protocols without ports); `null` for any. */
  readonly services: number | null;
  /** All three together, without an address to itself; `null` where one of them is any. */
  readonly combinations: number | null;
}

/** The addresses objects name; `null` for any, or where a group or a block of addresses is not counted. */
function addressesOf(
  objects: readonly RuleObject[],
  membersOf: (group: string) => readonly string[] | undefined,
): ReadonlySet<string> | null {
  if (objects.length === 0) return null;
  const all = new Set<string>();
  for (const object of objects) {
    const own = object.kind === 'group' ? membersOf(object.name) : object.addresses;
    if (own === undefined || own.some((each) => /[/-]/.test(each))) return null;
    for (const address of own) all.add(address);
  }
  return all;
}

/** Ports the services open, one for a protocol without ports; `null` where any port of a protocol is open. */
function portsOf(services: readonly string[]): number | null {
  if (services.length === 0) return null;
  let sum = 0;
  for (const text of services) {
    const service = parseService(text);
    if (service === undefined) return null;
    if (!hasPorts(service.protocol)) sum += Math.max(1, service.icmp?.length ?? 1);
    else if (service.ports.length === 0) return null;
    else for (const { first, last } of service.ports) sum += last - first + 1;
  }
  return sum;
}

/**
 * Counts what a rule allows, seen or not.
 *
 * @param membersOf the addresses of a group; `undefined` where the group is not known
 */
export function allowanceOf(
  rule: Pick<
    RuleDraft,
    'sources' | 'sourcesNegated' | 'destinations' | 'destinationsNegated' | 'services'
  >,
  membersOf: (group: string) => readonly string[] | undefined,
): Allowance {
  const sources = rule.sourcesNegated === true ? null : addressesOf(rule.sources, membersOf);
  const destinations =
    rule.destinationsNegated === true ? null : addressesOf(rule.destinations, membersOf);
  const services = portsOf(rule.services);
  const same =
    sources === null || destinations === null
      ? 0
      : [...sources].filter((each) => destinations.has(each)).length;
  return {
    sources: sources?.size ?? null,
    destinations: destinations?.size ?? null,
    services,
    combinations:
      sources === null || destinations === null || services === null
        ? null
        : (sources.size * destinations.size - same) * services,
  };
}
