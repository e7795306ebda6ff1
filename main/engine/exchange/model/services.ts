import {
  formatService,
  parseService,
  type IcmpType,
  type PortRange,
} from '../../../../shared/net/service.ts';
import { PREDEFINED_SERVICES, type PredefinedService } from './predefined.ts';

/** A service as every format writes it. */
export interface ModelService {
  /** The service in its one spelling, as `TCP/80,443`; equal services have equal keys. */
  readonly key: string;
  readonly protocol: number;
  /** In order, without overlaps; none means every port, or a protocol without any. */
  readonly ports: readonly PortRange[];
  /** The client's ports, like `ports`; none means every port. */
  readonly sources: readonly PortRange[];
  /** ICMP types in order; none means every type. */
  readonly icmp: readonly IcmpType[];
  /** The service every NSX-T manager has that is exactly this. */
  readonly predefined: PredefinedService | undefined;
}

/** Ports in order; those that overlap become one range, and every port becomes none. */
function orderedPorts(ports: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ports.toSorted((a, b) => a.first - b.first || a.last - b.last)) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last) merged.push(range);
    else merged.splice(-1, 1, { first: before.first, last: Math.max(before.last, range.last) });
  }
  return merged.some(({ first, last }) => first === 0 && last === 65_535) ? [] : merged;
}

/** Types in order, each once; a code goes where its whole type is there. */
function orderedTypes(types: readonly IcmpType[]): readonly IcmpType[] {
  const whole = new Set(types.filter(({ code }) => code === null).map(({ type }) => type));
  const kept = new Map<number, IcmpType>();
  for (const each of types) {
    if (each.code !== null && whole.has(each.type)) continue;
    kept.set(each.type * 257 + (each.code ?? -1) + 1, each);
  }
  return [...kept].toSorted(([a], [b]) => a - b).map(([, type]) => type);
}

/** Reads a service of a rule; nothing where the text is no service. */
export function modelService(text: string): ModelService | undefined {
  const service = parseService(text);
  if (service === undefined) return undefined;
  const { protocol } = service;
  const ports = orderedPorts(service.ports);
  const sources = orderedPorts(service.sources ?? []);
  const icmp = orderedTypes(service.icmp ?? []);
  const key = formatService({
    protocol,
    ports,
    ...(sources.length === 0 ? {} : { sources }),
    ...(icmp.length === 0 ? {} : { icmp }),
  });
  return { key, protocol, ports, sources, icmp, predefined: PREDEFINED_SERVICES.get(key) };
}

/** A port or a range as NSX writes it. */
export function portText({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** Port lists of one service entry each: at most `most` values, where a range counts two. */
export function portLists(
  ports: readonly PortRange[],
  most: number,
): readonly (readonly string[])[] {
  const lists: string[][] = [];
  let weight = Infinity;
  for (const range of ports) {
    const own = range.first === range.last ? 1 : 2;
    if (weight + own > most) {
      lists.push([]);
      weight = 0;
    }
    lists.at(-1)?.push(portText(range));
    weight += own;
  }
  return lists;
}

/** The text an id of a service is made from: commas and dashes stay apart, so that `80-443` is not `80,443`. */
export function serviceIdText(key: string): string {
  return key.replaceAll(',', '_').replaceAll('/', '-').replaceAll(':', '.');
}
