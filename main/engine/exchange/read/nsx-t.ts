import type { ImportProblem } from '../../../../shared/domain/imported.ts';
import { CATEGORIES, type DefaultRule, type Rule } from '../../../../shared/domain/ruleset.ts';
import { DEFAULT_POLICY, DEFAULT_RULE, DEFAULT_SEQUENCE } from '../nsx-t/default-rule.ts';
import type {
  ReadEnd,
  ReadGroup,
  ReadPolicy,
  ReadRule,
  ReadRuleset,
  ReadService,
} from './read-ruleset.ts';
import {
  isObject,
  isTrue,
  namesIn,
  numberIn,
  objectsIn,
  textIn,
  textsIn,
  type JsonObject,
} from './json.ts';
import { readNsxTGroup } from './nsx-t-groups.ts';
import { entryText, readNsxTService } from './nsx-t-services.ts';

const isAny = (text: string) => text.toUpperCase() === 'ANY';

function endsOf(paths: readonly string[]): readonly ReadEnd[] {
  return paths
    .filter((path) => !isAny(path))
    .map((path) =>
      path.startsWith('/')
        ? { kind: 'key', key: path, name: path }
        : { kind: 'address', text: path },
    );
}

function oneOf<T extends string>(text: string, values: readonly T[], otherwise: T): T {
  return values.find((value) => value === text) ?? otherwise;
}

/** What the whole tree of an answer is gathered into. */
class Reader {
  readonly groups: ReadGroup[] = [];
  readonly services: ReadService[] = [];
  readonly problems: ImportProblem[] = [];
  readonly #policies = new Map<string, { object: JsonObject; rules: Map<string, JsonObject> }>();
  readonly #strangeServices = new Set<string>();
  #defaultRule: DefaultRule | undefined;

  warn(message: string, rule: string | null = null): void {
    this.problems.push({ severity: 'warning', rule, message });
  }

  error(message: string, rule: string | null = null): void {
    this.problems.push({ severity: 'error', rule, message });
  }

  value(value: unknown, base: string): void {
    if (Array.isArray(value)) {
      for (const each of value as unknown[]) this.value(each, base);
      return;
    }
    if (!isObject(value)) return;
    if (isObject(value['user_area'])) {
      this.value(value['user_area'], '/infra');
      return;
    }
    if (Array.isArray(value['results'])) {
      if (textIn(value, 'cursor') !== '')
        this.warn('The answer is only one page of several: its cursor names a next one.');
      this.value(value['results'], base);
      return;
    }
    this.#object(value, base);
  }

  #object(value: JsonObject, base: string): void {
    if (value['marked_for_delete'] === true) return;
    const type = textIn(value, 'resource_type');
    if (type === 'Infra') this.value(value['children'], '/infra');
    else if (type === 'ChildResourceReference') this.#reference(value, base);
    else if (type === 'ChildDomain' && isObject(value['Domain']))
      this.value(value['Domain']['children'], `/infra/domains/${textIn(value['Domain'], 'id')}`);
    else if (type.startsWith('Child')) this.value(value[type.slice('Child'.length)], base);
    else if (type === 'Domain')
      this.value(value['children'], `/infra/domains/${textIn(value, 'id')}`);
    else if (type === 'Group')
      this.groups.push(readNsxTGroup(value, this.#path(value, base, 'groups')));
    else if (type === 'Service') this.#service(value);
    else if (type === 'SecurityPolicy') this.#policy(value, base);
    else if (type === 'Rule') this.#rule(value, base);
  }

  #reference(value: JsonObject, base: string): void {
    const place = { Domain: '/infra/domains', SecurityPolicy: `${base}/security-policies` };
    const target = textIn(value, 'target_type');
    const parent = target === 'Domain' || target === 'SecurityPolicy' ? place[target] : base;
    this.value(value['children'], `${parent}/${textIn(value, 'id')}`);
  }

  #path(value: JsonObject, base: string, kind: string): string {
    const path = textIn(value, 'path');
    if (path !== '') return path;
    const parent = base === '/infra' ? '/infra/domains/default' : base;
    return `${parent}/${kind}/${textIn(value, 'id')}`;
  }

  #service(value: JsonObject): void {
    const path = textIn(value, 'path') || `/infra/services/${textIn(value, 'id')}`;
    const { service, strange } = readNsxTService(value, path);
    this.services.push(service);
    if (strange.length > 0) this.#strangeServices.add(path);
  }

  #policy(value: JsonObject, base: string): void {
    const path = this.#path(value, base, 'security-policies');
    const known = this.#policies.get(path);
    const entry = { object: { ...known?.object, ...value }, rules: known?.rules ?? new Map() };
    this.#policies.set(path, entry);
    for (const rule of objectsIn(value, 'rules')) this.#rule(rule, path);
    this.value(value['children'], path);
  }

  #rule(value: JsonObject, base: string): void {
    const path = textIn(value, 'path') || `${base}/rules/${textIn(value, 'id')}`;
    const parent = textIn(value, 'parent_path') || path.replace(/\/rules\/[^/]*$/, '');
    const entry = this.#policies.get(parent) ?? { object: {}, rules: new Map() };
    this.#policies.set(parent, entry);
    entry.rules.set(path, value);
  }

  #readRule(value: JsonObject, path: string): ReadRule {
    const id = textIn(value, 'id');
    const name = textIn(value, 'display_name') || id;
    const action = textIn(value, 'action');
    const isJump = action === 'JUMP_TO_APPLICATION';
    if (isJump)
      this.error(
        `Rule "${name}" jumps to the application policies, which cannot be said here: it is read as disabled.`,
        id,
      );
    if (textsIn(value, 'profiles').some((profile) => !isAny(profile)))
      this.warn(`Rule "${name}" also asks for a context profile, which is not heeded here.`, id);
    const entries = objectsIn(value, 'service_entries');
    const texts = entries.map(entryText);
    const serviceKeys = namesIn(value, 'services').filter((path_) => !isAny(path_));
    if (texts.includes(undefined) || serviceKeys.some((key) => this.#strangeServices.has(key)))
      this.error(
        `Rule "${name}" has a service that cannot be said here, and matches less than it should.`,
        id,
      );
    const logId = numberIn(value, 'rule_id');
    return {
      id,
      path,
      name,
      sequence: numberIn(value, 'sequence_number') ?? 0,
      sources: endsOf(namesIn(value, 'source_groups')),
      destinations: endsOf(namesIn(value, 'destination_groups')),
      ...(isTrue(value, 'sources_excluded') ? { sourcesNegated: true } : {}),
      ...(isTrue(value, 'destinations_excluded') ? { destinationsNegated: true } : {}),
      services:
        serviceKeys.length + entries.length > 0
          ? texts.map((text) => text ?? 'a service that cannot be said')
          : [],
      serviceKeys,
      appliedTo: endsOf(namesIn(value, 'scope')),
      action: oneOf<Rule['action']>(action, ['ALLOW', 'DROP', 'REJECT'], 'DROP'),
      direction: oneOf(textIn(value, 'direction'), ['IN', 'OUT', 'IN_OUT'], 'IN_OUT'),
      ipVersion: oneOf(textIn(value, 'ip_protocol'), ['IPV4', 'IPV6', 'IPV4_IPV6'], 'IPV4_IPV6'),
      logged: isTrue(value, 'logged'),
      tag: textIn(value, 'tag'),
      notes: textIn(value, 'notes'),
      disabled: isTrue(value, 'disabled') || isJump,
      ...(logId === undefined ? {} : { logId }),
    };
  }

  #isDefault(path: string, object: JsonObject): boolean {
    return isTrue(object, 'is_default') || path.endsWith(`/${DEFAULT_POLICY}`);
  }

  /** Takes the closing rule out of the default policy; the others, as those for NDP and DHCP, stay in it. */
  #takeDefault(rules: Map<string, JsonObject>): void {
    const ordered = [...rules].toSorted(
      ([, a], [, b]) =>
        (numberIn(a, 'sequence_number') ?? 0) - (numberIn(b, 'sequence_number') ?? 0),
    );
    const closing =
      ordered.find(([, rule]) => textIn(rule, 'id') === DEFAULT_RULE) ??
      ordered.findLast(([, rule]) => isTrue(rule, 'is_default')) ??
      ordered.at(-1);
    if (closing === undefined) return;
    const [path, rule] = closing;
    const read = this.#readRule(rule, path);
    this.#defaultRule = {
      action: read.action,
      logged: read.logged,
      ...(read.logId === undefined ? {} : { logId: read.logId }),
    };
    rules.delete(path);
  }

  finish(format: 'nsx-t' | 'terraform'): ReadRuleset {
    const policies: ReadPolicy[] = [];
    for (const [path, { object, rules }] of this.#policies) {
      const id = textIn(object, 'id') || path.slice(path.lastIndexOf('/') + 1);
      const name = textIn(object, 'display_name') || id;
      const category = textIn(object, 'category');
      if (category === 'Ethernet') {
        this.warn(`Policy "${name}" is for layer 2 and is left out.`);
        continue;
      }
      const isDefault = this.#isDefault(path, object);
      if (isDefault) {
        this.#takeDefault(rules);
        if (rules.size === 0) continue;
      }
      const strategy =
        textIn(object, 'connectivity_strategy') || textIn(object, 'connectivity_preference');
      if (!['', 'NONE'].includes(strategy))
        this.warn(`Policy "${name}" has a connectivity strategy, whose default rule is not read.`);
      policies.push({
        id,
        path,
        name: name.slice(0, 255),
        category: oneOf(category, CATEGORIES, 'Application'),
        sequence: numberIn(object, 'sequence_number') ?? (isDefault ? DEFAULT_SEQUENCE : 0),
        version: textIn(object, '_revision') || null,
        appliedTo: endsOf(namesIn(object, 'scope')),
        rules: [...rules].map(([rulePath, rule]) => this.#readRule(rule, rulePath)),
      });
    }
    const { groups, services, problems } = this;
    return { format, groups, services, policies, problems, defaultRule: this.#defaultRule };
  }
}

/** Whether a document looks like something of the Policy API. */
export function isNsxT(document: unknown): boolean {
  const first: unknown = Array.isArray(document) ? (document as unknown[])[0] : document;
  if (!isObject(first)) return false;
  if (isObject(first['user_area'])) return true;
  if (Array.isArray(first['results']))
    return first['results'].length === 0 || isNsxT(first['results']);
  return /^(?:Infra|Child\w+|Group|Service|SecurityPolicy|Rule|Domain)$/.test(
    textIn(first, 'resource_type'),
  );
}

/**
 * Reads answers of the Policy API: hierarchical ones, lists by type, drafts. Fields and types that are not
 * known are passed over; documents may come in any order.
 */
export function readNsxT(
  documents: readonly unknown[],
  format: 'nsx-t' | 'terraform' = 'nsx-t',
): ReadRuleset {
  const reader = new Reader();
  for (const document of documents) reader.value(document, '/infra');
  return reader.finish(format);
}
