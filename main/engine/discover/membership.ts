import {
  type Contradiction,
  EMPTY_INVENTORY,
  type Group,
  type Inventory,
} from '../../../shared/domain/inventory.ts';

/** Events of one tag at one vantage under one rule. */
export interface TagVantage {
  readonly tag: string;
  /** Number of the rule that logged them. */
  readonly rule: number;
  /** True for NSX-v, whose rules lie in a `domain-…` rule set. */
  readonly isNsxv: boolean;
  /** Address of the workload whose vNIC logged them. */
  readonly vantage: string;
  readonly events: number;
}

/**
 * Numbers of the default layer 3 rule, as the products' documentation shows them in rule listings:
 * 1001 in NSX-v, 2 in NSX-T's distributed firewall.
 */
const DEFAULT_RULES = { nsxv: 1001, nsxt: 2 } as const;

/** A tag at this share of all workloads or more, and at some that no other tag names, is a catch-all's. */
const CATCH_ALL_SHARE = 0.9;

interface Evidence {
  readonly eventsByMember: Map<string, number>;
  isOnlyDefault: boolean;
}

function isDefaultRule({ rule, isNsxv }: TagVantage): boolean {
  return rule === (isNsxv ? DEFAULT_RULES.nsxv : DEFAULT_RULES.nsxt);
}

function collect(rows: readonly TagVantage[]): Map<string, Evidence> {
  const byTag = new Map<string, Evidence>();
  for (const row of rows) {
    if (row.tag === '') continue;
    const evidence: Evidence = byTag.get(row.tag) ?? {
      eventsByMember: new Map(),
      isOnlyDefault: true,
    };
    byTag.set(row.tag, evidence);
    const events = evidence.eventsByMember.get(row.vantage) ?? 0;
    evidence.eventsByMember.set(row.vantage, events + row.events);
    if (!isDefaultRule(row)) evidence.isOnlyDefault = false;
  }
  return byTag;
}

function isCatchAll(tag: string, byTag: ReadonlyMap<string, Evidence>, workloads: number): boolean {
  const evidence = byTag.get(tag);
  if (evidence === undefined || evidence.isOnlyDefault) return true;
  const members = evidence.eventsByMember;
  if (members.size < CATCH_ALL_SHARE * workloads || workloads < 3) return false;
  const others = [...byTag].filter(([name, other]) => name !== tag && !other.isOnlyDefault);
  if (others.length === 0) return false;
  return [...members.keys()].some((member) =>
    others.every(([, other]) => !other.eventsByMember.has(member)),
  );
}

function isProperSubset(inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean {
  if (inner.size >= outer.size) return false;
  for (const member of inner) if (!outer.has(member)) return false;
  return true;
}

/** Names of all groups that hold the given one, the smallest first. */
function parentsOf(
  name: string,
  sets: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const own = sets.get(name) ?? new Set();
  return [...sets]
    .filter(([, members]) => isProperSubset(own, members))
    .sort(([a, x], [b, y]) => x.size - y.size || (a < b ? -1 : 1))
    .map(([parent]) => parent);
}

function overlaps(
  sets: ReadonlyMap<string, ReadonlySet<string>>,
  order: (a: string, b: string) => number,
): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const all = [...sets].sort(([a], [b]) => (a < b ? -1 : 1));
  all.forEach(([name, members], index) => {
    for (const [other, others] of all.slice(index + 1)) {
      const shared = [...members].filter((member) => others.has(member));
      const isNested = shared.length === members.size || shared.length === others.size;
      if (shared.length > 0 && !isNested) {
        found.push({ kind: 'overlap', groups: [name, other], shared: shared.sort(order) });
      }
    }
  });
  return found;
}

/**
 * Finds the security groups that log tags prove.
 *
 * An any-any-log rule applied to a group logs on the vNICs of its members only, so a tag's vantages
 * are its group's members. A tag whose members hold all of another's and more is its parent. A tag
 * only on the default rule, or at nearly every workload including some that no other tag names, is
 * a catch-all and names no group. Tags that overlap without nesting are a contradiction, which is
 * reported and not mended.
 *
 * @param rows events by tag, rule and vantage
 * @param order orders addresses
 */
export function inferGroups(
  rows: readonly TagVantage[],
  order: (a: string, b: string) => number,
): Inventory {
  const workloads = new Set(rows.map((row) => row.vantage));
  const byTag = collect(rows);
  const catchAllTags = [...byTag.keys()]
    .filter((tag) => isCatchAll(tag, byTag, workloads.size))
    .sort();
  const evidence = new Map([...byTag].filter(([tag]) => !catchAllTags.includes(tag)));
  const sets = new Map(
    [...evidence].map(([tag, { eventsByMember }]): [string, ReadonlySet<string>] => [
      tag,
      new Set(eventsByMember.keys()),
    ]),
  );
  const parents = new Map([...sets.keys()].map((name) => [name, parentsOf(name, sets)]));
  const groups = [...evidence].map(([name, { eventsByMember }]): Group => {
    const firm = [...eventsByMember.values()].filter((events) => events > 1).length;
    return {
      id: `group:${name}`,
      name,
      basis: 'tag',
      standing: 'inferred',
      proofs: [
        {
          reason: `Lines with the tag ${name} were logged at its members.`,
          terms: [{ field: 'tag', exclude: false, values: [name] }],
          events: [...eventsByMember.values()].reduce((sum, events) => sum + events, 0),
        },
      ],
      members: [...eventsByMember.keys()].sort(order),
      parents: parents.get(name) ?? [],
      children: [...sets.keys()].filter((child) => parents.get(child)?.[0] === name).sort(),
      tier: null,
      application: null,
      confidence: firm / eventsByMember.size,
      events: [...eventsByMember.values()].reduce((sum, events) => sum + events, 0),
    };
  });
  const grouped = new Set([...sets.values()].flatMap((members) => [...members]));
  return {
    ...EMPTY_INVENTORY,
    groups: groups.sort((a, b) => (a.name < b.name ? -1 : 1)),
    catchAllTags,
    contradictions: overlaps(sets, order),
    workloads: workloads.size,
    ungrouped: [...workloads].filter((address) => !grouped.has(address)).sort(order),
  };
}

/** The innermost group of every member: the smallest group that holds it. */
export function leafGroups(groups: readonly Group[]): ReadonlyMap<string, string> {
  const leaf = new Map<string, Group>();
  for (const group of groups) {
    for (const member of group.members) {
      const held = leaf.get(member);
      if (held === undefined || group.members.length < held.members.length) leaf.set(member, group);
    }
  }
  return new Map([...leaf].map(([member, group]) => [member, group.name]));
}
