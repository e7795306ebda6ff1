import type { PortRange } from '../../../../shared/net/service.ts';
import type { ExportModel, ModelRule } from '../model/export-model.ts';
import { idFrom, IdRegister } from '../model/ids.ts';
import { quote, type ExportReport } from '../model/report.ts';
import { portLists, type ModelService } from '../model/services.ts';
import type { KnownObjects } from './base-objects.ts';
import { NSX_LIMITS } from './limits.ts';
import type { NsxService, NsxServiceEntry } from './objects.ts';

/** Pairs of port lists: the API joins both lists of an entry by AND. */
function l4Entries(service: ModelService): readonly NsxServiceEntry[] {
  const protocol = service.protocol === 6 ? 'TCP' : 'UDP';
  const base = { resource_type: 'L4PortSetServiceEntry', l4_protocol: protocol } as const;
  const listsOf = (ports: readonly PortRange[]): readonly (readonly string[] | undefined)[] =>
    ports.length === 0 ? [undefined] : portLists(ports, NSX_LIMITS.portsPerEntry);
  const pairs = listsOf(service.ports).flatMap((destination) =>
    listsOf(service.sources).map((source) => ({ destination, source })),
  );
  return pairs.map(({ destination, source }, at) => {
    const id = protocol.toLowerCase() + (at === 0 ? '' : `-${at + 1}`);
    return {
      ...base,
      id,
      display_name: id,
      ...(destination === undefined ? {} : { destination_ports: destination }),
      ...(source === undefined ? {} : { source_ports: source }),
    };
  });
}

function icmpEntries({ protocol, icmp }: ModelService): readonly NsxServiceEntry[] {
  const name = protocol === 1 ? 'icmp' : 'icmpv6';
  const base = {
    resource_type: 'ICMPTypeServiceEntry',
    protocol: protocol === 1 ? 'ICMPv4' : 'ICMPv6',
  } as const;
  if (icmp.length === 0) return [{ ...base, id: name, display_name: name }];
  return icmp.map(({ type, code }) => {
    const id = code === null ? `${name}-${type}` : `${name}-${type}-${code}`;
    const entry = { ...base, id, display_name: id, icmp_type: type };
    return code === null ? entry : { ...entry, icmp_code: code };
  });
}

/**
 * The lines of a service, or the reason why NSX cannot say it.
 *
 * TCP or UDP with every port is an entry without `destination_ports`, which the API leaves optional;
 * ICMP without a type means all types.
 */
export function serviceEntries(
  service: ModelService,
): readonly NsxServiceEntry[] | { readonly problem: string } {
  const { protocol, ports, sources, key } = service;
  const fewEnough = (
    entries: readonly NsxServiceEntry[],
  ): readonly NsxServiceEntry[] | { readonly problem: string } => {
    if (entries.length <= NSX_LIMITS.entriesPerService) return entries;
    const problem = `a service takes ${NSX_LIMITS.entriesPerService} lists of ${NSX_LIMITS.portsPerEntry} ports, or as many ICMP types, and one of its services has more ports`;
    return { problem };
  };
  if (protocol === 6 || protocol === 17) return fewEnough(l4Entries(service));
  if (protocol === 1 || protocol === 58) return fewEnough(icmpEntries(service));
  if (ports.length + sources.length > 0)
    return { problem: `NSX-T knows ${key} only without ports, as one IP protocol` };
  const id = idFrom(key.toLowerCase().replaceAll(' ', '-'));
  const named = { id, display_name: id };
  if (protocol === 2) return [{ resource_type: 'IGMPTypeServiceEntry', ...named }];
  return [{ resource_type: 'IPProtocolServiceEntry', ...named, protocol_number: protocol }];
}

/** The services of a document and the paths rules name them by. */
export interface ServicePlan {
  readonly services: readonly NsxService[];
  /** The paths of a rule's services; `ANY` where it names none. */
  of(rule: ModelRule): readonly string[];
}

/**
 * Writes every service the manager does not have from the start. Where a rule names more services than
 * it may, services that hold them stand in their place.
 */
export function planServices(
  model: ExportModel,
  report: ExportReport,
  known?: KnownObjects,
): ServicePlan {
  const services: NsxService[] = [];
  const problems = new Map<string, string>();
  const register = new IdRegister();
  const coverOf = (own: readonly ModelService[]) => known?.coverOf(own) ?? { paths: [], rest: own };
  const needed = new Set(
    model.policies.flatMap(({ rules }) => rules.flatMap((rule) => coverOf(rule.services).rest)),
  );
  const keys = new Set([...needed].map(({ key }) => key));
  for (const service of model.services) {
    if (!keys.has(service.key)) continue;
    const id = model.serviceIds.get(service.key);
    if (id === undefined) continue;
    const entries = serviceEntries(service);
    if ('problem' in entries) {
      problems.set(service.key, entries.problem);
      continue;
    }
    const what = `The name of service ${quote(service.key)}`;
    services.push({
      resource_type: 'Service',
      id: register.take(id),
      display_name: report.cut(service.key, NSX_LIMITS.displayName, what),
      service_entries: entries,
    });
  }
  for (const { rules } of model.policies) {
    for (const { rule, services: own } of rules) {
      for (const { key } of own) {
        const problem = problems.get(key);
        if (problem !== undefined) report.refuse(rule, 'services', problem);
      }
    }
  }

  const pathOf = ({ key, predefined }: ModelService) =>
    `/infra/services/${predefined?.id ?? model.serviceIds.get(key) ?? ''}`;

  function gathered(rule: ModelRule, paths: readonly string[]): readonly string[] {
    const size = NSX_LIMITS.entriesPerService;
    const count = Math.ceil(paths.length / size);
    if (count > NSX_LIMITS.listItems) {
      const problem = `it has ${paths.length} services, and a rule takes ${NSX_LIMITS.listItems * size}`;
      report.refuse(rule.rule, 'services', problem);
      return [];
    }
    return Array.from({ length: count }, (_, at) => {
      const id = register.take(`segwright-${idFrom(rule.id).slice(0, 180)}-services-${at + 1}`);
      services.push({
        resource_type: 'Service',
        id,
        display_name: id,
        service_entries: paths.slice(at * size, (at + 1) * size).map((path, index) => ({
          resource_type: 'NestedServiceServiceEntry',
          id: `part-${index + 1}`,
          display_name: `part-${index + 1}`,
          nested_service_path: path,
        })),
      });
      return `/infra/services/${id}`;
    });
  }

  return {
    services,
    of(rule) {
      if (rule.services.length === 0) return ['ANY'];
      const cover = coverOf(rule.services);
      const paths = [...new Set([...cover.paths, ...cover.rest.map(pathOf)])];
      return paths.length <= NSX_LIMITS.listItems ? paths : gathered(rule, paths);
    },
  };
}
