import { formatService, parseService, type PortRange } from '../../../shared/net/service.ts';
import { NSX_LIMITS } from './nsx-limits.ts';
import type { NsxServiceEntry } from './nsx-objects.ts';

/** A service as it will be written, or the reason why NSX cannot say it. */
export type ServicePlan =
  | { readonly ok: true; readonly name: string; readonly entries: readonly NsxServiceEntry[] }
  | { readonly ok: false; readonly problem: string };

/** Ports in order; those that overlap become one range. */
function orderedPorts(ports: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ports.toSorted((a, b) => a.first - b.first || a.last - b.last)) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last) merged.push(range);
    else merged.splice(-1, 1, { first: before.first, last: Math.max(before.last, range.last) });
  }
  return merged;
}

function isEveryPort(ports: readonly PortRange[]): boolean {
  return ports.some(({ first, last }) => first === 0 && last === 65_535);
}

/** Port lists of one entry each: at most 15 values, where a range counts two. */
function portLists(ports: readonly PortRange[]): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let weight = Infinity;
  for (const { first, last } of ports) {
    const own = first === last ? 1 : 2;
    if (weight + own > NSX_LIMITS.portsPerEntry) {
      lists.push([]);
      weight = 0;
    }
    lists.at(-1)?.push(first === last ? `${first}` : `${first}-${last}`);
    weight += own;
  }
  return lists;
}

function l4Entries(
  protocol: 'TCP' | 'UDP',
  ports: readonly PortRange[],
): readonly NsxServiceEntry[] {
  const lists = portLists(ports);
  const base = { resource_type: 'L4PortSetServiceEntry', l4_protocol: protocol } as const;
  const name = protocol.toLowerCase();
  if (lists.length === 0) return [{ ...base, id: name, display_name: name }];
  return lists.map((list, at) => {
    const id = at === 0 ? name : `${name}-${at + 1}`;
    return { ...base, id, display_name: id, destination_ports: list };
  });
}

function otherEntry(protocol: number, name: string): NsxServiceEntry {
  const id = name.toLowerCase().replaceAll(' ', '-');
  const named = { id, display_name: id };
  switch (protocol) {
    case 1:
      return { resource_type: 'ICMPTypeServiceEntry', ...named, protocol: 'ICMPv4' };
    case 58:
      return { resource_type: 'ICMPTypeServiceEntry', ...named, protocol: 'ICMPv6' };
    case 2:
      return { resource_type: 'IGMPTypeServiceEntry', ...named };
    default:
      return { resource_type: 'IPProtocolServiceEntry', ...named, protocol_number: protocol };
  }
}

/**
 * The NSX service for a service text such as `TCP/443`. Texts that mean the same get the same name.
 *
 * TCP or UDP with every port is an entry without `destination_ports`, which the API leaves optional;
 * ICMP without a type means all types.
 */
export function planService(text: string): ServicePlan {
  const service = parseService(text);
  if (service === undefined) return { ok: false, problem: `"${text}" is no service` };
  if (service.icmp !== undefined || service.sources !== undefined) {
    const problem = `"${text}" is limited to source ports or ICMP types, which this format does not say yet`;
    return { ok: false, problem };
  }
  const { protocol } = service;
  const ports = isEveryPort(service.ports) ? [] : orderedPorts(service.ports);
  const name = formatService({ protocol, ports });
  if (protocol === 6 || protocol === 17) {
    const entries = l4Entries(protocol === 6 ? 'TCP' : 'UDP', ports);
    if (entries.length > NSX_LIMITS.entriesPerService) {
      const problem = `a service takes ${NSX_LIMITS.entriesPerService} port lists of ${NSX_LIMITS.portsPerEntry} values, and one of its services has more ports`;
      return { ok: false, problem };
    }
    return { ok: true, name, entries };
  }
  if (ports.length > 0)
    return { ok: false, problem: `NSX-T knows ${name} only without ports, as one IP protocol` };
  return { ok: true, name, entries: [otherEntry(protocol, name)] };
}

/** The text an id of a service is made from: commas and dashes stay apart, so that `80-443` is not `80,443`. */
export function serviceIdText(name: string): string {
  return name.replaceAll(',', '_').replaceAll('/', '-');
}
