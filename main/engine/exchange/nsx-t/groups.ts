import type { GroupCondition } from '../../../../shared/domain/imported.ts';
import { piecesOf } from '../model/addresses.ts';
import { ID_PREFIX, type ExportModel, type ModelGroup } from '../model/export-model.ts';
import { idFrom } from '../model/ids.ts';
import { quote, type ExportReport } from '../model/report.ts';
import type { KnownObjects } from './base-objects.ts';
import { ADDRESSES_PER_EXPRESSION, NSX_LIMITS } from './limits.ts';
import type { NsxCondition, NsxConjunction, NsxExpression, NsxGroup } from './objects.ts';

/** The scope of the tag a security group looks for; the tag itself is the group's name. */
export const GROUP_TAG_SCOPE = 'segwright-group';

/** The groups of a document and the paths rules name them by. */
export interface GroupPlan {
  /** Groups inside others stand before these. */
  readonly groups: readonly NsxGroup[];
  pathOf(group: ModelGroup): string;
  /** The paths of one list of a rule; where there are too many, the path of a new group that holds them. */
  list(
    rule: string,
    what: 'sources' | 'destinations' | 'applied-to',
    groups: readonly ModelGroup[],
  ): readonly string[];
}

const OR: NsxConjunction = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };
const AND: NsxConjunction = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };

/** Puts a conjunction between expressions, as the API wants at every second place. */
function joined<T>(expressions: readonly T[], between: NsxConjunction): (T | NsxConjunction)[] {
  return expressions.flatMap((each, at) => (at === 0 ? [each] : [between, each]));
}

function conditionOf({ member, key, operator, value }: GroupCondition): NsxCondition {
  return { resource_type: 'Condition', member_type: member, key, operator, value };
}

function conditionExpression(conditions: readonly GroupCondition[]): NsxExpression {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return conditionOf(only);
  return {
    resource_type: 'NestedExpression',
    expressions: joined(conditions.map(conditionOf), AND),
  };
}

function tagCondition(name: string): GroupCondition {
  return {
    member: 'VirtualMachine',
    key: 'Tag',
    operator: 'EQUALS',
    value: `${GROUP_TAG_SCOPE}|${name}`,
  };
}

function sizeOf(expression: NsxExpression): number {
  if (expression.resource_type === 'PathExpression') return expression.paths.length;
  return expression.resource_type === 'IPAddressExpression' ? 1 : 0;
}

/** Groups so that those inside stand before those that hold them. */
function insideFirst(model: ExportModel): readonly ModelGroup[] {
  const ordered = new Set<ModelGroup>();
  const visit = (group: ModelGroup, path: ReadonlySet<ModelGroup>): void => {
    if (ordered.has(group) || path.has(group)) return;
    const below = new Set([...path, group]);
    for (const key of group.children) {
      const child = model.groupOf(key);
      if (child !== undefined) visit(child, below);
    }
    ordered.add(group);
  };
  for (const group of model.groups) visit(group, new Set());
  return [...ordered];
}

/**
 * Writes every group of the model.
 *
 * A security group matches the machines its definition names, or those tagged with its name, or the
 * addresses seen: a group of addresses alone is ignored in Applied To. The API allows one address
 * expression a group and one family an expression: what does not fit goes to parts of their own
 * (`…-ipv6`, `…-ipv4-2`).
 */
export function planGroups(
  model: ExportModel,
  domain: string,
  report: ExportReport,
  known?: KnownObjects,
): GroupPlan {
  const pathOfId = (id: string) => `/infra/domains/${domain}/groups/${id}`;
  const groups: NsxGroup[] = [];
  const pathOf = (group: ModelGroup) => known?.pathOfGroup(group) ?? pathOfId(group.id);

  function write(id: string, name: string, text: string, list: readonly NsxExpression[]): string {
    groups.push({
      resource_type: 'Group',
      id,
      display_name: report.cut(name, NSX_LIMITS.displayName, `The name of group ${quote(name)}`),
      description: report.cut(
        text,
        NSX_LIMITS.description,
        `The description of group ${quote(name)}`,
      ),
      expression: joined(list, OR),
    });
    const size = list.reduce((sum, each) => sum + sizeOf(each), 0);
    if (size > NSX_LIMITS.pathsPerGroup) {
      report.warn(
        `Group ${quote(name)} names ${size} addresses and groups; NSX-T before 4.0 takes ${NSX_LIMITS.pathsPerGroup} in one group.`,
      );
    }
    return pathOfId(id);
  }

  function writeParts(
    { id, name }: ModelGroup,
    family: 4 | 6,
    from: number,
    pieces: readonly (readonly string[])[],
  ): readonly string[] {
    return pieces.map((piece, at) => {
      const number = at + from;
      const ending = number === 1 ? `ipv${family}` : `ipv${family}-${number}`;
      const part = model.groupIds.take(`${id}-${ending}`);
      return write(part, `${name} ${ending}`, `Part of ${name}.`, [
        { resource_type: 'IPAddressExpression', ip_addresses: piece },
      ]);
    });
  }

  function conditionsOf(group: ModelGroup): readonly NsxExpression[] {
    if (group.kind === 'ip-set' || group.definition?.kind === 'ip-set') return [];
    const lists = group.conditions.length > 0 ? group.conditions : [[tagCondition(group.name)]];
    return lists.map(conditionExpression);
  }

  function writeGroup(group: ModelGroup): void {
    const { id, name, addresses, children, kind } = group;
    const ipv4 = piecesOf(addresses[4], ADDRESSES_PER_EXPRESSION);
    const ipv6 = piecesOf(addresses[6], ADDRESSES_PER_EXPRESSION);
    const conditions = conditionsOf(group);
    const isPlain = conditions.length === 0 && children.length === 0;
    const text =
      conditions.length === 0
        ? 'IP set: a source or destination, no place of enforcement.'
        : group.conditions.length > 0
          ? 'Security group: the machines its conditions name, and the addresses listed.'
          : `Security group seen in the log: virtual machines tagged ${GROUP_TAG_SCOPE}|${name}, and the addresses seen.`;
    if (isPlain && ipv4.length + ipv6.length === 1) {
      const only = ipv4[0] ?? ipv6[0] ?? [];
      write(id, name, text, [{ resource_type: 'IPAddressExpression', ip_addresses: only }]);
      return;
    }
    const first = kind === 'group' && !isPlain ? ipv4[0] : undefined;
    const rest = first === undefined ? ipv4 : ipv4.slice(1);
    const paths = [
      ...children.flatMap((key) => model.groupOf(key) ?? []).map(pathOf),
      ...writeParts(group, 4, first === undefined ? 1 : 2, rest),
      ...writeParts(group, 6, 1, ipv6),
    ];
    const list: NsxExpression[] = [...conditions];
    if (first !== undefined)
      list.push({ resource_type: 'IPAddressExpression', ip_addresses: first });
    if (paths.length > 0) list.push({ resource_type: 'PathExpression', paths });
    write(id, name, text, list);
  }

  for (const group of insideFirst(model))
    if (known?.pathOfGroup(group) === undefined) writeGroup(group);
  return {
    groups,
    pathOf,
    list(rule, what, wanted) {
      const paths = [...new Set(wanted.map(pathOf))];
      if (paths.length === 0) return ['ANY'];
      if (paths.length <= NSX_LIMITS.listItems) return paths;
      const id = model.groupIds.take(`${ID_PREFIX}${idFrom(`${rule}-${what}`)}`);
      const text = `All ${what} of rule ${rule}, which names more than NSX-T takes.`;
      return [write(id, `${rule} ${what}`, text, [{ resource_type: 'PathExpression', paths }])];
    },
  };
}

/** Says of every group the API would refuse or read differently what is wrong with it. */
export function checkGroups(model: ExportModel, report: ExportReport): void {
  const problems = new Map<string, string>();
  for (const group of model.groups) {
    const problem = problemOf(group);
    if (problem !== undefined) problems.set(group.name, problem);
  }
  if (problems.size === 0) return;
  for (const { rules } of model.policies) {
    for (const { rule, sources, destinations, appliedTo } of rules) {
      for (const [field, groups] of Object.entries({ sources, destinations, appliedTo })) {
        for (const name of groups.flatMap((group) => [...model.membership.within(group.name)])) {
          const problem = problems.get(name);
          if (problem !== undefined) report.refuse(rule, field, problem);
        }
      }
    }
  }
}

function problemOf(group: ModelGroup): string | undefined {
  const { name, kind, conditions } = group;
  const isTagged = kind === 'group' && conditions.length === 0;
  if (isTagged && Array.from(name).length > NSX_LIMITS.tagValue)
    return `the name of security group ${quote(name)} is too long for a tag`;
  if (
    conditions.length > NSX_LIMITS.conditions ||
    conditions.some((list) => list.length > NSX_LIMITS.conditions)
  )
    return `group ${quote(name)} has more conditions than the ${NSX_LIMITS.conditions} NSX-T takes`;
  const mixed = conditions.find((list) => new Set(list.map(({ member }) => member)).size > 1);
  if (mixed !== undefined)
    return `group ${quote(name)} asks for several kinds of members at once, which NSX-T cannot`;
  return undefined;
}
