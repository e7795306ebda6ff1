import { isObject, objectsIn, textIn, textsIn, type JsonObject } from './json.ts';

/** A resource of a state or plan. */
export interface Resource {
  /** As Terraform names it, modules and indexes included. */
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

/** Thrown where a plan leaves open what decides; its message completes "the file cannot be read: …". */
export class PlanProblem extends Error {}

const PATHS: Readonly<Record<string, (values: JsonObject, id: string) => string>> = {
  nsxt_policy_group: (values, id) => `/infra/domains/${domainOf(values)}/groups/${id}`,
  nsxt_policy_security_policy: (values, id) =>
    `/infra/domains/${domainOf(values)}/security-policies/${id}`,
  nsxt_policy_predefined_security_policy: (values) => {
    const path = textIn(values, 'path');
    if (path !== '') return path;
    throw new PlanProblem('the plan does not tell which predefined policy it changes');
  },
  nsxt_policy_service: (_values, id) => `/infra/services/${id}`,
};

/** Fields that may hold what is known only after the plan was applied, because it decides nothing. */
const COMPUTED = new Set([
  'id',
  'path',
  'revision',
  'nsx_id',
  'rule_id',
  'display_name',
  'description',
  'notes',
  'tag',
]);
/** Lists of paths, which a reference can stand in. */
const PATH_LISTS = new Set([
  'source_groups',
  'destination_groups',
  'services',
  'scope',
  'member_paths',
]);

function domainOf(values: JsonObject): string {
  return textIn(values, 'domain') || 'default';
}

/** The resources of a module and of the modules in it. */
export function moduleResources(module: unknown): readonly Resource[] {
  if (!isObject(module)) return [];
  const own = objectsIn(module, 'resources').flatMap((resource): readonly Resource[] => {
    const { values } = resource;
    const address = textIn(resource, 'address');
    return isObject(values) ? [{ address, type: textIn(resource, 'type'), values }] : [];
  });
  return [...own, ...objectsIn(module, 'child_modules').flatMap(moduleResources)];
}

function rootModule(holder: unknown): unknown {
  return isObject(holder) ? holder['root_module'] : undefined;
}

const withoutIndexes = (address: string) => address.replace(/\[[^\]]*\]/g, '');

/** Expressions of all resources by address without indexes. */
function expressionsIn(module: unknown, prefix = ''): readonly (readonly [string, JsonObject])[] {
  if (!isObject(module)) return [];
  const own = objectsIn(module, 'resources').flatMap((resource) => {
    const { expressions } = resource;
    const address = `${prefix}${textIn(resource, 'address')}`;
    return isObject(expressions) ? [[address, expressions] as const] : [];
  });
  const calls = isObject(module['module_calls']) ? Object.entries(module['module_calls']) : [];
  return [
    ...own,
    ...calls.flatMap(([name, call]) =>
      isObject(call) ? expressionsIn(call['module'], `${prefix}module.${name}.`) : [],
    ),
  ];
}

/** Puts what a plan knows in the place of what is known only after it was applied. */
class Completion {
  /** Paths by address: known ones, and for objects to come the ones they will be read under. */
  readonly #paths = new Map<string, string>();
  readonly #unknown = new Map<string, unknown>();
  readonly #expressions: ReadonlyMap<string, JsonObject>;
  readonly #planned: readonly Resource[];

  constructor(document: JsonObject) {
    const { resource_changes: changes } = document;
    if (!Array.isArray(changes))
      throw new PlanProblem(
        'the plan does not tell its changes; give the whole of what "terraform show -json" prints',
      );
    for (const change of changes.filter(isObject))
      if (isObject(change['change']))
        this.#unknown.set(textIn(change, 'address'), change['change']['after_unknown']);
    this.#expressions = new Map(expressionsIn(rootModule(document['configuration'])));
    const prior = isObject(document['prior_state']) ? document['prior_state']['values'] : undefined;
    for (const { address, values } of moduleResources(rootModule(prior)))
      if (textIn(values, 'path') !== '') this.#paths.set(address, textIn(values, 'path'));
    this.#planned = moduleResources(rootModule(document['planned_values'])).map((resource) =>
      this.#named(resource),
    );
  }

  #named(resource: Resource): Resource {
    const { address, type, values } = resource;
    const pathOf = PATHS[type];
    if (pathOf === undefined) return resource;
    const id = textIn(values, 'nsx_id') || textIn(values, 'id') || address;
    const path = textIn(values, 'path') || pathOf(values, id);
    this.#paths.set(address, path);
    return { address, type, values: { ...values, id, path } };
  }

  all(): readonly Resource[] {
    return this.#planned.map((resource) => {
      const { address, type, values } = resource;
      if (PATHS[type] === undefined) return resource;
      if (!this.#unknown.has(address))
        throw new PlanProblem(`the plan does not tell what changes in ${address}`);
      const expressions = this.#expressions.get(withoutIndexes(address));
      const whole = this.#object(values, this.#unknown.get(address), expressions, address);
      return { address, type, values: whole };
    });
  }

  #object(
    values: JsonObject,
    unknown: unknown,
    expressions: unknown,
    address: string,
    place = '',
  ): JsonObject {
    if (!isObject(unknown)) return values;
    const whole: Record<string, unknown> = { ...values };
    for (const [field, open] of Object.entries(unknown)) {
      if (COMPUTED.has(field) || !holdsTrue(open)) continue;
      if (field === 'sequence_number' && place !== '') continue;
      const at = `${place}${field}`;
      const expression = isObject(expressions) ? expressions[field] : undefined;
      if (PATH_LISTS.has(field)) whole[field] = this.#list(values[field], expression, address, at);
      else if (Array.isArray(open) && Array.isArray(values[field]))
        whole[field] = this.#blocks(values[field], open, expression, address, at);
      else throw new PlanProblem(`${at} of ${address} is known only after the plan was applied`);
    }
    return whole;
  }

  #blocks(
    blocks: readonly unknown[],
    unknown: readonly unknown[],
    expressions: unknown,
    address: string,
    at: string,
  ): readonly unknown[] {
    const written = Array.isArray(expressions) ? (expressions as readonly unknown[]) : [];
    return blocks.map((block, index) => {
      const open = unknown[index];
      if (!isObject(block) || open === true)
        throw new PlanProblem(`${at} of ${address} is known only after the plan was applied`);
      const expression = written.length === blocks.length ? written[index] : undefined;
      return this.#object(block, open, expression, address, `${at}[${index}].`);
    });
  }

  /** A list of paths: what is known of it, and the paths of all resources its expression refers to. */
  #list(known: unknown, expression: unknown, address: string, at: string): readonly string[] {
    const references = isObject(expression) ? textsIn(expression, 'references') : [];
    const module = address.slice(0, Math.max(0, address.search(/(?:data\.)?nsxt_\w+\./)));
    const paths = references
      .filter((reference) => !references.some((other) => other.startsWith(`${reference}.`)))
      .filter((reference) => !references.some((other) => other.startsWith(`${reference}[`)))
      .map((reference) => {
        const target = /^(.+)\.path$/.exec(reference)?.[1];
        return target === undefined ? undefined : this.#paths.get(`${module}${target}`);
      });
    if (paths.length === 0 || paths.includes(undefined))
      throw new PlanProblem(
        `${at} of ${address} is known only after the plan was applied, and it does not name resources of the plan directly`,
      );
    const texts = textsIn({ known }, 'known');
    return [...new Set([...texts, ...paths.filter((path) => path !== undefined)])];
  }
}

function holdsTrue(value: unknown): boolean {
  if (value === true) return true;
  if (Array.isArray(value)) return value.some(holdsTrue);
  return isObject(value) && Object.values(value).some(holdsTrue);
}

/**
 * The resources of a plan as `terraform show -json` prints it. What is "known after apply" is followed
 * through the expressions of the configuration where they name resources of the plan by their `path`.
 * Shape: https://developer.hashicorp.com/terraform/internals/json-format
 *
 * @throws PlanProblem where something stays open that decides what a rule matches
 */
export function planResources(document: JsonObject): readonly Resource[] {
  return new Completion(document).all();
}
