import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { PREDEFINED_SERVICES } from '../../main/engine/exchange/model/predefined.ts';
import { parseAddress, parseAddressRange } from '../../shared/net/address.ts';
import {
  pathsInside,
  readBody,
  type ReadBody,
  type ReadGroup,
  type ReadPolicy,
  type ReadRule,
  type ReadService,
} from './nsx-body.ts';

/** Services of every manager that exports may name. */
const PREDEFINED = [...PREDEFINED_SERVICES.values()].map(({ id }) => `/infra/services/${id}`);

const SCHEMAS = ['3.1', '9.1'] as const;

function isAddressOrRange(text: string): boolean {
  return !/\s/.test(text) && parseAddressRange(text) !== undefined;
}

/** A port, or a range of at least two: managers refuse `443-443`. */
function isPortOrRange(text: string): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return false;
  const first = Number(match[1]);
  const last = match[2] === undefined ? undefined : Number(match[2]);
  return first <= 65_535 && (last === undefined || (last <= 65_535 && first < last));
}

function compile(version: string): ValidateFunction {
  const url = new URL(`../fixtures/nsx/policy-${version}.schema.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({ allErrors: true, discriminator: true, strictRequired: false });
  ajv.addFormat('int32', { type: 'number', validate: (n) => Math.abs(n) <= 2 ** 31 });
  ajv.addFormat('int64', { type: 'number', validate: (n) => Number.isInteger(n) });
  ajv.addFormat('address-or-block-or-range', isAddressOrRange);
  ajv.addFormat('port-or-range', isPortOrRange);
  ajv.addFormat('mac-address', /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i);
  ajv.addFormat('ip', (text) => parseAddress(text) !== undefined);
  ajv.addFormat('ipv4', (text) => parseAddress(text)?.family === 4);
  ajv.addFormat('ipv6', (text) => parseAddress(text)?.family === 6);
  return ajv.compile(schema);
}

const validators = new Map<string, ValidateFunction>();

/** What the schemas of 3.1 and 9.1 refuse in a body. */
export function schemaProblems(body: unknown): readonly string[] {
  return SCHEMAS.flatMap((version) => {
    const validate = validators.get(version) ?? compile(version);
    validators.set(version, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) => `${version} ${error.instancePath}: ${error.message ?? error.keyword}`,
    );
  });
}

const ID = /^(?=.*[A-Za-z0-9_])[A-Za-z0-9_.-]{1,255}$/;
const TAG = /^[A-Za-z0-9_-]{1,32}$/;
const SPELLED_OUT = [
  'display_name',
  'sequence_number',
  'source_groups',
  'destination_groups',
  'sources_excluded',
  'destinations_excluded',
  'services',
  'profiles',
  'scope',
  'action',
  'direction',
  'ip_protocol',
  'logged',
  'tag',
  'notes',
  'disabled',
] as const;

class Findings {
  readonly list: string[] = [];

  add(where: string, what: string): void {
    this.list.push(`${where}: ${what}`);
  }

  id(where: string, id: string): void {
    if (!ID.test(id)) this.add(where, `id "${id}" is not safe`);
  }

  unique(where: string, what: string, values: readonly (string | number)[]): void {
    if (new Set(values).size < values.length) this.add(where, `${what} is there twice`);
  }

  /** A list of paths, or ANY alone. */
  paths(where: string, list: readonly string[], known: ReadonlySet<string>): void {
    if (list.length === 0) this.add(where, 'the list is empty');
    this.unique(where, 'a path', list);
    const anys = list.filter((path) => path.toUpperCase() === 'ANY');
    if (anys.length > 0 && list.length > 1) this.add(where, 'ANY is not alone');
    for (const path of list) {
      if (path.toUpperCase() !== 'ANY' && !known.has(path)) this.add(where, `${path} is unknown`);
    }
  }
}

function holdsItself(path: string, body: ReadBody): boolean {
  const seen = new Set<string>();
  const waiting = [...pathsInside(path, body)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === path) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...pathsInside(next, body));
  }
  return false;
}

/** Whether a group matches addresses only, so that Applied To ignores it. */
function isAddressOnly(path: string, body: ReadBody, seen = new Set<string>()): boolean {
  const group = body.groups.get(path);
  if (group === undefined || seen.has(path)) return true;
  seen.add(path);
  return group.expression.every(
    (each) =>
      each.resource_type === 'ConjunctionOperator' ||
      each.resource_type === 'IPAddressExpression' ||
      (each.paths?.every((inner) => isAddressOnly(inner, body, seen)) ?? false),
  );
}

function checkGroup(path: string, group: ReadGroup, body: ReadBody, findings: Findings): void {
  findings.id(path, group.id);
  const expression = group.expression;
  if (expression.length % 2 === 0) findings.add(path, 'an even number of expressions, or none');
  expression.forEach((each, at) => {
    const isConjunction = each.resource_type === 'ConjunctionOperator';
    if (isConjunction !== (at % 2 === 1)) findings.add(path, `expression ${at} is out of place`);
    const texts = each.ip_addresses ?? [];
    const families = new Set(texts.map((text) => parseAddressRange(text)?.family));
    if (families.size > 1) findings.add(path, 'IPv4 and IPv6 in one expression');
    findings.unique(path, 'an address', texts);
    if (each.paths === undefined) return;
    findings.paths(path, each.paths, new Set(body.groups.keys()));
    if (each.paths.some((inner) => !inner.startsWith('/'))) findings.add(path, 'no path inside');
  });
  const lists = expression.filter((each) => each.ip_addresses !== undefined);
  if (lists.length > 1) findings.add(path, 'several address expressions');
  if (holdsItself(path, body)) findings.add(path, 'the group holds itself');
}

function checkService(path: string, service: ReadService, findings: Findings): void {
  findings.id(path, service.id);
  const entries = service.service_entries;
  if (entries.length === 0) findings.add(path, 'the service has no entry');
  findings.unique(
    path,
    'an entry id',
    entries.map(({ id }) => id),
  );
  for (const { id, destination_ports: ports } of entries) {
    findings.id(path, id);
    if (ports?.length === 0) findings.add(path, 'an empty port list');
    const weight = (ports ?? []).reduce((sum, port) => sum + (port.includes('-') ? 2 : 1), 0);
    if (weight > 15) findings.add(path, `${weight} port values in one entry`);
  }
}

function checkRule(where: string, rule: ReadRule, body: ReadBody, findings: Findings): void {
  findings.id(where, rule.id);
  const groups = new Set(body.groups.keys());
  findings.paths(`${where} sources`, rule.source_groups, groups);
  findings.paths(`${where} destinations`, rule.destination_groups, groups);
  findings.paths(
    `${where} services`,
    rule.services,
    new Set([...body.services.keys(), ...PREDEFINED]),
  );
  findings.paths(`${where} profiles`, rule.profiles, new Set());
  findings.paths(`${where} scope`, rule.scope, groups);
  if (!TAG.test(rule.tag)) findings.add(where, `tag "${rule.tag}" is not 1 to 32 safe characters`);
  if (rule.action === 'JUMP_TO_APPLICATION')
    findings.add(where, 'it jumps, which is never written');
  for (const path of rule.scope) {
    if (groups.has(path) && isAddressOnly(path, body))
      findings.add(where, `${path} holds only addresses and is ignored in Applied To`);
  }
}

function checkPolicy(policy: ReadPolicy, body: ReadBody, findings: Findings): void {
  const where = `policy ${policy.id}`;
  findings.id(where, policy.id);
  const categories = ['Emergency', 'Infrastructure', 'Environment', 'Application'];
  if (!categories.includes(policy.category)) findings.add(where, `category ${policy.category}`);
  if (policy.scope.join() !== 'ANY') findings.add(where, "its scope overrides its rules' scope");
  if (policy.rules.length === 0) findings.add(where, 'it has no rule');
  findings.unique(
    where,
    'a rule id',
    policy.rules.map(({ id }) => id.toLowerCase()),
  );
  const numbers = policy.rules.map((rule) => rule.sequence_number);
  if (numbers.some((number, at) => number <= (numbers[at - 1] ?? 0)))
    findings.add(where, 'sequence numbers do not rise in the order of the rules');
  for (const rule of policy.rules) checkRule(`${where} rule ${rule.id}`, rule, body, findings);
}

/** Fields whose absence would mean a default of the manager. */
function missingFields(body: ReadBody): readonly string[] {
  return body.policies.flatMap((policy) =>
    policy.rules.flatMap((rule) =>
      SPELLED_OUT.filter((field) => !Object.hasOwn(rule, field)).map(
        (field) => `rule ${rule.id}: ${field} is left to the manager`,
      ),
    ),
  );
}

/**
 * What a manager would refuse, ignore or read differently although the schemas take it: the rules
 * the Policy API states only in prose, and those known from practice.
 */
export function semanticProblems(document: unknown): readonly string[] {
  const body = readBody(document);
  const missing = missingFields(body);
  if (missing.length > 0) return missing;
  const findings = new Findings();
  for (const path of body.doubles) findings.add(path, 'the path is there twice');
  for (const [path, group] of body.groups) checkGroup(path, group, body, findings);
  for (const [path, service] of body.services) checkService(path, service, findings);
  for (const policy of body.policies) checkPolicy(policy, body, findings);
  const places = body.policies.map((policy) => `${policy.category} ${policy.sequence_number}`);
  findings.unique('policies', 'a sequence number within a category', places);
  return findings.list;
}

/** All problems of a document's text: the schemas' first, and the semantic ones where those have none. */
export function nsxProblems(text: string): readonly string[] {
  const body: unknown = JSON.parse(text);
  const problems = schemaProblems(body);
  return problems.length > 0 ? problems : semanticProblems(body);
}
