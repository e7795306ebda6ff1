import { confidenceOf } from './confidence.ts';
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

/** A member is missing from a group around its own by chance when that is no less likely than this. */
const MISSING_BY_CHANCE = 0.02;

/** Of a group's members the group around it names at least this share. */
const SHARE_INSIDE = 0.5;

type Counts = ReadonlyMap<string, number>;

/** The members without IPv6 addresses where the outer tag never logged any: its rule is about IPv4. */
function likeOuter(inner: Counts, outer: Counts): Counts {
  const isSix = (address: string) => address.includes(':');
  if ([...outer.keys()].some(isSix)) return inner;
  const rest = new Map([...inner].filter(([address]) => !isSix(address)));
  return rest.size === 0 ? inner : rest;
}

/**
 * Whether all of a group's members are in another, larger one. A rule around several groups logs
 * less than theirs do, and lines get lost: a member the outer tag never named counts as inside where
 * the outer tag is so much rarer that its silence means nothing.
 */
function liesIn(all: Counts, outer: Counts): boolean {
  if (all.size >= outer.size) return false;
  const inner = likeOuter(all, outer);
  const both = [...inner.keys()].filter((member) => outer.has(member));
  if (both.length === inner.size) return true;
  if (both.length < 2 || both.length < SHARE_INSIDE * inner.size) return false;
  const sum = (counts: Counts) => both.reduce((total, key) => total + (counts.get(key) ?? 0), 0);
  const rarity = sum(outer) / sum(inner);
  const missing = [...inner].filter(([member]) => !outer.has(member));
  const expected = missing.reduce((total, [, events]) => total + events * rarity, 0);
  const mean = sum(outer) / both.length;
  return Math.exp(-Math.min(expected, mean * missing.length)) >= MISSING_BY_CHANCE;
}

/**
 * Whether a group lies in another; one of whose members is missing there only where the other holds
 * a third group wholly, as the group around an application does.
 */
function mostlyIn(name: string, outerName: string, sets: ReadonlyMap<string, Counts>): boolean {
  const [inner, outer] = [sets.get(name), sets.get(outerName)];
  if (inner === undefined || outer === undefined || !liesIn(inner, outer)) return false;
  if (isWithin(inner, outer)) return true;
  return [...sets].some(
    ([other, members]) =>
      other !== name &&
      other !== outerName &&
      members.size < outer.size &&
      isWithin(members, outer) &&
      ![...members.keys()].some((member) => inner.has(member)),
  );
}

function isWithin(all: Counts, outer: Counts): boolean {
  return [...likeOuter(all, outer).keys()].every((member) => outer.has(member));
}

/** Names of all groups that hold the given one, the smallest first. */
function parentsOf(name: string, sets: ReadonlyMap<string, Counts>): readonly string[] {
  return [...sets]
    .filter(([outer]) => outer !== name && mostlyIn(name, outer, sets))
    .sort(([a, x], [b, y]) => x.size - y.size || (a < b ? -1 : 1))
    .map(([parent]) => parent);
}

function overlaps(
  sets: ReadonlyMap<string, Counts>,
  parents: ReadonlyMap<string, readonly string[]>,
  order: (a: string, b: string) => number,
): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const all = [...sets].sort(([a], [b]) => (a < b ? -1 : 1));
  all.forEach(([name, members], index) => {
    for (const [other, others] of all.slice(index + 1)) {
      const shared = [...members.keys()].filter((member) => others.has(member));
      const isNested =
        shared.length === members.size ||
        shared.length === others.size ||
        parents.get(name)?.includes(other) === true ||
        parents.get(other)?.includes(name) === true;
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
    [...evidence].map(([tag, { eventsByMember }]): [string, Counts] => [tag, eventsByMember]),
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
      confidence: confidenceOf('group', firm / eventsByMember.size),
      events: [...eventsByMember.values()].reduce((sum, events) => sum + events, 0),
    };
  });
  const grouped = new Set([...sets.values()].flatMap((members) => [...members.keys()]));
  return {
    ...EMPTY_INVENTORY,
    groups: groups.sort((a, b) => (a.name < b.name ? -1 : 1)),
    catchAllTags,
    contradictions: overlaps(sets, parents, order),
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
