type Node = Readonly<Record<string, unknown>>;

interface Policy {
  object: Node;
  readonly rules: Map<string, Node>;
}

function textOf(node: Node, field: string): string {
  const value = node[field];
  if (typeof value !== 'string') throw new Error(`${field} is no text`);
  return value;
}

function nodesOf(value: unknown): readonly Node[] {
  return (value ?? []) as readonly Node[];
}

const DOMAIN = '/infra/domains/default';

/**
 * What a manager does with hierarchical calls, as far as the firewall goes: what a body names is put in
 * place whole or deleted, rules of a policy are merged, and all else stays.
 */
export class Manager {
  readonly services = new Map<string, Node>();
  readonly groups = new Map<string, Node>();
  readonly policies = new Map<string, Policy>();
  /** Paths of rules that were written, since it was last asked. */
  readonly touched = new Set<string>();

  /** Carries out the body of `PATCH /policy/api/v1/infra`. */
  patch(body: unknown): void {
    for (const child of nodesOf((body as Node)['children'])) this.#child(child, null);
  }

  #child(child: Node, policy: string | null): void {
    const type = textOf(child, 'resource_type');
    if (type === 'ChildResourceReference') {
      const inside = textOf(child, 'target_type') === 'Domain' ? null : textOf(child, 'id');
      if (inside !== null && !this.policies.has(inside)) {
        if (inside !== 'default-layer3-section') throw new Error(`no policy ${inside}`);
        const object = { resource_type: 'SecurityPolicy', id: inside, is_default: true };
        this.policies.set(inside, { object, rules: new Map() });
      }
      for (const each of nodesOf(child['children'])) this.#child(each, inside);
      return;
    }
    const object = child[type.slice('Child'.length)] as Node;
    const id = textOf(object, 'id');
    const isDeleted = child['marked_for_delete'] === true;
    if (type === 'ChildService') put(this.services, id, object, isDeleted);
    else if (type === 'ChildGroup') put(this.groups, id, object, isDeleted);
    else if (type === 'ChildRule') this.#rule(policy ?? '', object, isDeleted);
    else if (isDeleted) this.policies.delete(id);
    else {
      const { rules, ...own } = object;
      const known = this.policies.get(id)?.rules ?? new Map<string, Node>();
      this.policies.set(id, { object: own, rules: known });
      for (const rule of nodesOf(rules)) this.#rule(id, rule, false);
    }
  }

  #rule(policy: string, rule: Node, isDeleted: boolean): void {
    const own = this.policies.get(policy);
    if (own === undefined) throw new Error(`no policy ${policy}`);
    const id = textOf(rule, 'id');
    if (isDeleted && !own.rules.has(id)) throw new Error(`no rule ${id} to delete`);
    this.touched.add(`${DOMAIN}/security-policies/${policy}/rules/${id}`);
    put(own.rules, id, rule, isDeleted);
  }

  /** The answer to `GET /policy/api/v1/infra`, with the fields only a manager sets. */
  answer(): unknown {
    const policies = [...this.policies].map(([id, { object, rules }]) => ({
      resource_type: 'ChildSecurityPolicy',
      SecurityPolicy: {
        ...object,
        path: `${DOMAIN}/security-policies/${id}`,
        _revision: 1,
        rules: [...rules.values()].map((rule) => ({
          ...rule,
          path: `${DOMAIN}/security-policies/${id}/rules/${textOf(rule, 'id')}`,
        })),
      },
    }));
    const groups = [...this.groups].map(([id, group]) => ({
      resource_type: 'ChildGroup',
      Group: { ...group, path: `${DOMAIN}/groups/${id}` },
    }));
    return {
      resource_type: 'Infra',
      children: [
        ...[...this.services].map(([id, service]) => ({
          resource_type: 'ChildService',
          Service: { ...service, path: `/infra/services/${id}` },
        })),
        {
          resource_type: 'ChildDomain',
          Domain: { id: 'default', children: [...groups, ...policies] },
        },
      ],
    };
  }

  /** Everything it holds; the order of objects and in lists of rules does not count. */
  state(): unknown {
    const sorted = (rule: Node) =>
      Object.fromEntries(
        Object.entries(rule).map(([key, value]) => [
          key,
          Array.isArray(value) ? [...(value as string[])].sort() : value,
        ]),
      );
    const byId = <T>(map: ReadonlyMap<string, T>) =>
      Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      services: byId(this.services),
      groups: byId(this.groups),
      policies: byId(
        new Map(
          [...this.policies].map(([id, { object, rules }]) => [
            id,
            { object, rules: byId(new Map([...rules].map(([key, rule]) => [key, sorted(rule)]))) },
          ]),
        ),
      ),
    };
  }
}

function put(map: Map<string, Node>, id: string, object: Node, isDeleted: boolean): void {
  if (isDeleted) map.delete(id);
  else map.set(id, object);
}
