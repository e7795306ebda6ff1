/** An expression of a group, as far as tests look at it. */
export interface ReadExpression {
  readonly resource_type: string;
  readonly ip_addresses?: readonly string[];
  readonly paths?: readonly string[];
  readonly value?: string;
}

/** A group as read back. */
export interface ReadGroup {
  readonly id: string;
  readonly display_name: string;
  readonly expression: readonly ReadExpression[];
}

/** A service entry as read back. */
export interface ReadServiceEntry {
  readonly resource_type: string;
  readonly id: string;
  readonly display_name: string;
  readonly l4_protocol?: string;
  readonly destination_ports?: readonly string[];
  readonly protocol?: string;
  readonly protocol_number?: number;
  readonly nested_service_path?: string;
}

/** A service as read back. */
export interface ReadService {
  readonly id: string;
  readonly display_name: string;
  readonly service_entries: readonly ReadServiceEntry[];
}

/** A rule as read back. */
export interface ReadRule {
  readonly id: string;
  readonly display_name: string;
  readonly sequence_number: number;
  readonly source_groups: readonly string[];
  readonly destination_groups: readonly string[];
  readonly services: readonly string[];
  readonly profiles: readonly string[];
  readonly scope: readonly string[];
  readonly action: string;
  readonly direction: string;
  readonly ip_protocol: string;
  readonly tag: string;
  readonly disabled: boolean;
}

/** A policy as read back. */
export interface ReadPolicy {
  readonly id: string;
  readonly display_name: string;
  readonly category: string;
  readonly sequence_number: number;
  readonly scope: readonly string[];
  readonly rules: readonly ReadRule[];
}

/** The objects of a body, by path where rules name them by path. */
export interface ReadBody {
  readonly groups: ReadonlyMap<string, ReadGroup>;
  readonly services: ReadonlyMap<string, ReadService>;
  readonly policies: readonly ReadPolicy[];
  /** Paths that occur twice. */
  readonly doubles: readonly string[];
}

interface Child {
  readonly resource_type: string;
  readonly id?: string;
  readonly children?: readonly Child[];
  readonly Group?: ReadGroup;
  readonly Service?: ReadService;
  readonly SecurityPolicy?: ReadPolicy;
}

/** Reads a body that passed the schemas. */
export function readBody(body: unknown): ReadBody {
  const groups = new Map<string, ReadGroup>();
  const services = new Map<string, ReadService>();
  const policies: ReadPolicy[] = [];
  const seen = new Set<string>();
  const doubles: string[] = [];
  const mark = (path: string) => {
    if (seen.has(path.toLowerCase())) doubles.push(path);
    seen.add(path.toLowerCase());
    return path;
  };
  const walk = (children: readonly Child[], base: string): void => {
    for (const child of children) {
      if (child.Service !== undefined)
        services.set(mark(`/infra/services/${child.Service.id}`), child.Service);
      else if (child.Group !== undefined)
        groups.set(mark(`${base}/groups/${child.Group.id}`), child.Group);
      else if (child.SecurityPolicy !== undefined) {
        mark(`${base}/security-policies/${child.SecurityPolicy.id}`);
        policies.push(child.SecurityPolicy);
      } else if (child.resource_type === 'ChildResourceReference')
        walk(child.children ?? [], `/infra/domains/${child.id ?? ''}`);
    }
  };
  walk((body as { readonly children: readonly Child[] }).children, '/infra');
  return { groups, services, policies, doubles };
}

/** Paths of the groups directly inside a group. */
export function pathsInside(path: string, body: ReadBody): readonly string[] {
  return (body.groups.get(path)?.expression ?? []).flatMap((each) => each.paths ?? []);
}
