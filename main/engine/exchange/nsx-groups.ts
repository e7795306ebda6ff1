import type { RuleObject, Ruleset } from '../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import type { Membership } from './membership.ts';
import { memberAddresses, piecesOf, writtenAddresses, type AddressLists } from './nsx-addresses.ts';
import { IdRegister, type Claim } from './nsx-ids.ts';
import { NSX_LIMITS } from './nsx-limits.ts';
import type { NsxExpression, NsxGroup } from './nsx-objects.ts';
import { impossible, quote, type ExportReport } from './nsx-report.ts';

/** The scope of the tag a security group looks for; the tag itself is the group's name. */
export const GROUP_TAG_SCOPE = 'segwright-group';

/** Characters of the value of a tag. */
const TAG_LENGTH = 256;

/**
 * Ids begin with this, so that loading a document never overwrites an object the manager had
 * before: there, too, a group's id often is its name.
 */
export const ID_PREFIX = 'segwright-';

/** The groups of a document and the paths rules name them by. */
export interface GroupPlan {
  readonly groups: readonly NsxGroup[];
  /** How many of the groups stand for security groups. */
  readonly securityGroups: readonly string[];
  pathOf(object: RuleObject): string;
  /** The paths of one side of a rule; where there are too many, the path of a new group that holds them. */
  side(
    rule: string,
    side: 'sources' | 'destinations',
    objects: readonly RuleObject[],
  ): readonly string[];
}

interface Wanted {
  readonly claim: Claim;
  readonly addresses: AddressLists;
  /** Names of groups inside; only security groups have any. */
  readonly children: readonly string[];
  readonly kind: RuleObject['kind'];
}

function keyOf(object: RuleObject): string {
  if (object.kind === 'group') return JSON.stringify(['group', object.name]);
  const addresses = writtenAddresses(object.addresses);
  return JSON.stringify(['ip-set', object.name, addresses]);
}

function wantedIpSet(rule: string, object: RuleObject & { kind: 'ip-set' }): Wanted {
  const { name } = object;
  const addresses = writtenAddresses(object.addresses);
  if ('unreadable' in addresses) {
    const problem = `IP set ${quote(name)} holds "${addresses.unreadable}", which is no address, block or range`;
    throw impossible(rule, problem);
  }
  if (object.addresses.length === 0)
    throw impossible(
      rule,
      `IP set ${quote(name)} has no address, and an empty one would match anything`,
    );
  return { claim: { name, identity: keyOf(object) }, addresses, children: [], kind: 'ip-set' };
}

function wantedGroup(rule: string, name: string, membership: Membership): Wanted {
  if (membership.group(name) === undefined)
    throw impossible(rule, `security group ${quote(name)} is not in this project`);
  if (Array.from(name).length > TAG_LENGTH)
    throw impossible(rule, `the name of security group ${quote(name)} is too long for a tag`);
  const children = membership.children(name);
  const inChildren = new Set(children.flatMap((child) => [...membership.addresses(child)]));
  const own = [...membership.addresses(name)].filter((address) => !inChildren.has(address));
  const addresses = memberAddresses(own);
  if ('unreadable' in addresses) {
    const problem = `security group ${quote(name)} holds "${addresses.unreadable}", which is no address`;
    throw impossible(rule, problem);
  }
  const identity = keyOf({ kind: 'group', name });
  return { claim: { name, identity }, addresses, children, kind: 'group' };
}

function collect(ruleset: Ruleset, membership: Membership): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  const add = (rule: string, object: RuleObject) => {
    const key = keyOf(object);
    if (wanted.has(key)) return;
    if (object.kind === 'ip-set') {
      wanted.set(key, wantedIpSet(rule, object));
      return;
    }
    const group = wantedGroup(rule, object.name, membership);
    wanted.set(key, group);
    for (const name of group.children) add(rule, { kind: 'group', name });
  };
  for (const rule of rulesOf(ruleset)) {
    for (const object of [...rule.sources, ...rule.destinations]) add(rule.name, object);
    for (const name of rule.appliedTo) add(rule.name, { kind: 'group', name });
  }
  return [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Puts OR between expressions, as the API wants every second item to be a conjunction. */
function anyOf(expressions: readonly NsxExpression[]): readonly NsxExpression[] {
  const or = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' } as const;
  return expressions.flatMap((each, at) => (at === 0 ? [each] : [or, each]));
}

function addressExpression(addresses: readonly string[]): NsxExpression {
  return { resource_type: 'IPAddressExpression', ip_addresses: addresses };
}

/**
 * Writes every group the rules name, and the groups inside those.
 *
 * A security group matches its tag or the addresses seen, since a group of addresses alone is
 * ignored in Applied To. The API allows one address expression a group and one family an
 * expression: what does not fit goes to parts of their own (`…-ipv6`, `…-ipv4-2`).
 *
 * @throws Failure `export-impossible` where a group is unknown, or an IP set empty or unreadable
 */
export function planGroups(
  ruleset: Ruleset,
  membership: Membership,
  domain: string,
  report: ExportReport,
): GroupPlan {
  const wanted = collect(ruleset, membership);
  const register = new IdRegister();
  const ids = register.takeAll(
    ID_PREFIX,
    wanted.map(({ claim }) => claim),
  );
  const pathOfId = (id: string) => `/infra/domains/${domain}/groups/${id}`;
  const idOfKey = new Map(wanted.map(({ claim }, at) => [claim.identity, ids[at] ?? '']));
  const pathOf = (object: RuleObject) => pathOfId(idOfKey.get(keyOf(object)) ?? '');
  const groups: NsxGroup[] = [];

  function write(
    id: string,
    name: string,
    description: string,
    list: readonly NsxExpression[],
  ): void {
    groups.push({
      resource_type: 'Group',
      id,
      display_name: report.cut(name, NSX_LIMITS.displayName, `The name of group ${quote(name)}`),
      description: report.cut(
        description,
        NSX_LIMITS.description,
        `The description of group ${quote(name)}`,
      ),
      expression: anyOf(list),
    });
    const size = list.reduce((sum, each) => sum + sizeOf(each), 0);
    if (size > NSX_LIMITS.pathsPerGroup) {
      report.warn(
        `Group ${quote(name)} names ${size} addresses and groups; NSX-T before 4.0 takes ${NSX_LIMITS.pathsPerGroup} in one group.`,
      );
    }
  }

  function writeParts(
    id: string,
    name: string,
    family: 4 | 6,
    from: number,
    pieces: readonly (readonly string[])[],
  ) {
    return pieces.map((piece, at) => {
      const number = at + from;
      const ending = number === 1 ? `ipv${family}` : `ipv${family}-${number}`;
      const part = register.take(`${id}-${ending}`);
      write(part, `${name} ${ending}`, `Part of ${name}.`, [addressExpression(piece)]);
      return pathOfId(part);
    });
  }

  function writeWanted({ claim: { name }, addresses, children, kind }: Wanted, id: string): void {
    const { addressesPerExpression } = NSX_LIMITS;
    const ipv4 = piecesOf(addresses[4], addressesPerExpression);
    const ipv6 = piecesOf(addresses[6], addressesPerExpression);
    const inner = children.map((child) => pathOf({ kind: 'group', name: child }));
    if (kind === 'ip-set' && ipv4.length + ipv6.length === 1) {
      const only = ipv4[0] ?? ipv6[0] ?? [];
      write(id, name, 'IP set: a source or destination, no place of enforcement.', [
        addressExpression(only),
      ]);
      return;
    }
    const first = kind === 'group' ? ipv4[0] : undefined;
    const paths = [
      ...inner,
      ...writeParts(
        id,
        name,
        4,
        first === undefined ? 1 : 2,
        ipv4.slice(first === undefined ? 0 : 1),
      ),
      ...writeParts(id, name, 6, 1, ipv6),
    ];
    const list: NsxExpression[] = [];
    if (kind === 'group') list.push(tagCondition(name));
    if (first !== undefined) list.push(addressExpression(first));
    if (paths.length > 0) list.push({ resource_type: 'PathExpression', paths });
    const description =
      kind === 'group'
        ? `Security group seen in the log: virtual machines tagged ${GROUP_TAG_SCOPE}|${name}, and the addresses seen.`
        : 'IP set: a source or destination, no place of enforcement.';
    write(id, name, description, list);
  }

  wanted.forEach((each, at) => {
    writeWanted(each, ids[at] ?? '');
  });
  return {
    groups,
    securityGroups: wanted.filter(({ kind }) => kind === 'group').map(({ claim }) => claim.name),
    pathOf,
    side(rule, side, objects) {
      const paths = [...new Set(objects.map(pathOf))];
      if (paths.length === 0) return ['ANY'];
      if (paths.length <= NSX_LIMITS.listItems) return paths;
      const [id = ''] = register.takeAll(ID_PREFIX, [{ name: `${rule}-${side}`, identity: side }]);
      write(
        id,
        `${rule} ${side}`,
        `All ${side} of rule ${rule}, which names more than NSX-T takes.`,
        [{ resource_type: 'PathExpression', paths }],
      );
      return [pathOfId(id)];
    },
  };
}

function tagCondition(name: string): NsxExpression {
  return {
    resource_type: 'Condition',
    member_type: 'VirtualMachine',
    key: 'Tag',
    operator: 'EQUALS',
    value: `${GROUP_TAG_SCOPE}|${name}`,
  };
}

function sizeOf(expression: NsxExpression): number {
  if (expression.resource_type === 'PathExpression') return expression.paths.length;
  return expression.resource_type === 'IPAddressExpression' ? 1 : 0;
}
