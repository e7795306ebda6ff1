import * as v from 'valibot';
import type { ExportTarget } from '../../../../shared/domain/export.ts';
import { parseAddressRange } from '../../../../shared/net/address.ts';
import { PREDEFINED_SERVICES } from '../model/predefined.ts';
import { checkExpression } from './check-expression.ts';
import { isAddressOnly, reaches } from './check-nesting.ts';
import { DEFAULT_POLICY, DEFAULT_RULE } from './default-rule.ts';
import { NSX_LIMITS } from './limits.ts';
import {
  wrapperSchemas,
  type CheckedGroup,
  type CheckedPolicy,
  type CheckedRule,
  type CheckedService,
} from './schema.ts';

/** Something a manager would refuse, ignore or read differently. */
export interface NsxFinding {
  /** The id of the rule it is about, in the body; `null` where it is about no rule. */
  readonly rule: string | null;
  readonly field: string | null;
  readonly message: string;
}

type Node = Readonly<Record<string, unknown>>;

const PREDEFINED = new Set(
  [...PREDEFINED_SERVICES.values()].map(({ id }) => `/infra/services/${id}`),
);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function weightOf(ports: readonly string[] | undefined): number {
  return (ports ?? []).reduce((sum, port) => sum + (port.includes('-') ? 2 : 1), 0);
}

const isAny = (path: string) => path.toUpperCase() === 'ANY';

class Check {
  readonly findings: NsxFinding[] = [];
  readonly groups = new Map<string, CheckedGroup>();
  readonly #services = new Map<string, CheckedService>();
  readonly #seen = new Set<string>();
  readonly #later: (() => void)[] = [];
  readonly #known: ReadonlySet<string>;
  readonly #target: ExportTarget;
  #objects = 0;

  constructor(target: ExportTarget, known: ReadonlySet<string>) {
    this.#target = target;
    this.#known = known;
  }

  tree(tree: unknown): void {
    this.#objects = 0;
    if (!isNode(tree) || tree['resource_type'] !== 'Infra') {
      this.#say('the body', 'it is no Infra');
      return;
    }
    this.#children(tree['children'], '/infra');
    if (this.#objects > NSX_LIMITS.objectsPerCall)
      this.#say(
        'the body',
        `it holds ${this.#objects} objects, and a call takes ${NSX_LIMITS.objectsPerCall}`,
      );
  }

  /** What can be said only when everything was seen. */
  finish(): void {
    for (const check of this.#later) check();
  }

  #say(where: string, what: string, rule: string | null = null, field: string | null = null): void {
    this.findings.push({ rule, field, message: `${where}: ${what}.` });
  }

  #children(children: unknown, base: string): void {
    if (!Array.isArray(children)) {
      this.#say(base, 'it has no list of children');
      return;
    }
    for (const child of children as readonly unknown[]) this.#child(child, base);
  }

  #child(child: unknown, base: string): void {
    this.#objects++;
    if (!isNode(child)) {
      this.#say(base, 'a child is no object');
      return;
    }
    const type = child['resource_type'];
    if (type === 'ChildResourceReference') {
      this.#reference(child, base);
      return;
    }
    const wrappers = wrapperSchemas(this.#target);
    if (
      type !== 'ChildService' &&
      type !== 'ChildGroup' &&
      type !== 'ChildSecurityPolicy' &&
      type !== 'ChildRule'
    ) {
      this.#say(base, `the child type "${String(type)}" is not one of the firewall's`);
      return;
    }
    const { key, schema } = wrappers[type];
    const strange = Object.keys(child).find(
      (each) => !['resource_type', 'marked_for_delete', key].includes(each),
    );
    if (strange !== undefined) this.#say(base, `a ${type} has a field "${strange}"`);
    const isDeleted = child['marked_for_delete'] === true;
    const inside = child[key];
    const id = isNode(inside) && typeof inside['id'] === 'string' ? inside['id'] : 'without id';
    const where = `${key} ${id}`;
    const checked = v.safeParse<v.GenericSchema>(isDeleted ? wrappers.bare : schema, inside);
    if (!checked.success) {
      for (const issue of checked.issues) this.#issue(where, issue, inside, type);
      return;
    }
    if (!isDeleted) this.#object(type, checked.output, base);
  }

  #issue(where: string, issue: v.BaseIssue<unknown>, inside: unknown, type: string): void {
    const path = v.getDotPath(issue);
    const message = path === null ? issue.message : `${path}: ${issue.message}`;
    const at = /^rules\.(\d+)\.(\w+)/.exec(path ?? '');
    const rules =
      isNode(inside) && Array.isArray(inside['rules']) ? (inside['rules'] as unknown[]) : [];
    const rule = type === 'ChildRule' ? inside : at === null ? undefined : rules[Number(at[1])];
    const id = isNode(rule) && typeof rule['id'] === 'string' ? rule['id'] : null;
    this.#say(id === null ? where : `${where}, rule ${id}`, message, id, at?.[2] ?? null);
  }

  #reference(child: Node, base: string): void {
    const id = child['id'];
    const target = child['target_type'];
    if (typeof id !== 'string' || id === '') {
      this.#say(base, 'a reference has no id');
    } else if (target === 'Domain') {
      this.#children(child['children'], `/infra/domains/${id}`);
    } else if (target === 'SecurityPolicy') {
      this.#children(child['children'], `${base}/security-policies/${id}`);
    } else {
      this.#say(base, `a reference to "${String(target)}" is not one of the firewall's`);
    }
  }

  #once(path: string): void {
    const key = path.toLowerCase();
    if (this.#seen.has(key)) this.#say(path, 'the path is there twice');
    this.#seen.add(key);
  }

  #object(type: string, object: unknown, base: string): void {
    if (type === 'ChildService') this.#service(object as CheckedService);
    else if (type === 'ChildGroup') this.#group(object as CheckedGroup, base);
    else if (type === 'ChildRule') this.#rule(object as CheckedRule, base, 'Application');
    else this.#policy(object as CheckedPolicy, base);
  }

  #service(service: CheckedService): void {
    const path = `/infra/services/${service.id}`;
    this.#once(path);
    this.#services.set(path, service);
    this.#objects += service.service_entries.length;
    const ids = service.service_entries.map(({ id }) => id);
    if (new Set(ids).size < ids.length) this.#say(path, 'an entry id is there twice');
    for (const entry of service.service_entries) {
      if (entry.resource_type === 'NestedServiceServiceEntry') {
        const inner = entry.nested_service_path;
        this.#later.push(() => this.#isThere(path, [inner]));
      }
      if (entry.resource_type === 'L4PortSetServiceEntry')
        this.#ports(path, entry.destination_ports, entry.source_ports);
    }
  }

  #ports(where: string, ...lists: readonly (readonly string[] | undefined)[]): void {
    for (const list of lists) {
      const weight = weightOf(list);
      if (weight > NSX_LIMITS.portsPerEntry)
        this.#say(where, `${weight} port values in one entry, ranges counted twice`);
    }
  }

  #group(group: CheckedGroup, base: string): void {
    const path = `${base}/groups/${group.id}`;
    this.#once(path);
    this.groups.set(path, group);
    for (const problem of checkExpression(group.expression)) this.#say(path, problem);
    for (const expression of group.expression) {
      if (expression.resource_type !== 'PathExpression') continue;
      const { paths } = expression;
      this.#later.push(() => this.#isThere(path, paths));
    }
    this.#later.push(() => {
      if (reaches(this.groups, path, path)) this.#say(path, 'the group holds itself');
    });
  }

  #isThere(where: string, paths: readonly string[], rule: string | null = null): void {
    for (const path of paths) {
      if (isAny(path) || !path.startsWith('/')) continue;
      const isKnown =
        this.groups.has(path) ||
        this.#services.has(path) ||
        PREDEFINED.has(path) ||
        this.#known.has(path);
      if (!isKnown) this.#say(where, `${path} is not in this file, nor at every manager`, rule);
    }
  }

  #policy(policy: CheckedPolicy, base: string): void {
    const where = `policy ${policy.id}`;
    this.#once(`${base}/security-policies/${policy.id}`);
    this.#once(`${base} ${policy.category} number ${policy.sequence_number}`);
    this.#objects += policy.rules.length;
    if (policy.scope?.some((path) => !isAny(path)) === true) {
      const own = policy.rules.find(({ scope }) => !scope.every(isAny));
      if (own !== undefined)
        this.#say(where, "its scope overrides its rules' scope", own.id, 'appliedTo');
    }
    const ids = new Set<string>();
    let last = -1;
    for (const rule of policy.rules) {
      if (ids.has(rule.id.toLowerCase())) this.#say(where, 'a rule id is there twice', rule.id);
      ids.add(rule.id.toLowerCase());
      if (rule.sequence_number <= last) {
        const what = 'sequence numbers do not rise in the order of the rules';
        this.#say(where, what, rule.id, 'sequence_number');
      }
      last = rule.sequence_number;
      this.#rule(rule, where, policy.category);
    }
  }

  #rule(rule: CheckedRule, base: string, category: string): void {
    const where = `${base}, rule ${rule.id}`;
    const lists = {
      sources: rule.source_groups,
      destinations: rule.destination_groups,
      services: rule.services,
      profiles: rule.profiles ?? [],
      appliedTo: rule.scope,
    };
    for (const [field, list] of Object.entries(lists)) {
      if (list.some(isAny) && list.length > 1)
        this.#say(where, `ANY is not alone in its ${field}`, rule.id, field);
      if (new Set(list).size < list.length)
        this.#say(where, `something is there twice in its ${field}`, rule.id, field);
      const strange = list.find(
        (path) => !isAny(path) && !path.startsWith('/') && parseAddressRange(path) === undefined,
      );
      if (strange !== undefined)
        this.#say(where, `"${strange}" is no path and no address`, rule.id, field);
      this.#later.push(() => this.#isThere(where, list, rule.id));
    }
    const isDefault = rule.id === DEFAULT_RULE && base.endsWith(`/${DEFAULT_POLICY}`);
    if (rule.sequence_number > NSX_LIMITS.sequenceNumber && !isDefault)
      this.#say(where, 'its sequence number is too large', rule.id, 'sequence_number');
    if (rule.sources_excluded === true && rule.source_groups.some(isAny))
      this.#say(where, 'it excludes every source', rule.id, 'sources');
    if (rule.destinations_excluded === true && rule.destination_groups.some(isAny))
      this.#say(where, 'it excludes every destination', rule.id, 'destinations');
    if (rule.action === 'JUMP_TO_APPLICATION' && category !== 'Environment')
      this.#say(where, 'a jump is for policies of category Environment', rule.id, 'action');
    for (const entry of rule.service_entries ?? [])
      if (entry.resource_type === 'L4PortSetServiceEntry')
        this.#ports(where, entry.destination_ports, entry.source_ports);
    this.#later.push(() => {
      for (const path of rule.scope) {
        if (this.groups.has(path) && isAddressOnly(this.groups, path))
          this.#say(
            where,
            `${path} holds only addresses and is ignored in Applied To`,
            rule.id,
            'appliedTo',
          );
      }
    });
  }
}

/**
 * What a manager would refuse, ignore or read differently in the bodies of hierarchical calls that are
 * loaded one after the other: the API's schema, and the rules it states only in prose or that are known
 * from practice.
 *
 * @param known paths that are at the manager besides the services every manager has
 */
export function checkNsxTree(
  trees: readonly unknown[],
  target: ExportTarget,
  known: ReadonlySet<string> = new Set(),
): readonly NsxFinding[] {
  const check = new Check(target, known);
  for (const tree of trees) check.tree(tree);
  check.finish();
  return check.findings;
}
