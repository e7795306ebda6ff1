import { AddressSet } from './address-set.ts';
import type { CompiledRule, CompiledRuleset } from './compile.ts';
import { longestRising } from './longest-rising.ts';
import { ServiceSet } from './service-set.ts';
import { familiesOf, gathered, intersection, overlap, without, type Space } from './space.ts';

/** What one ruleset allows and another does not. */
export interface Difference {
  /** Flows the second allows and the first denies; no flow is in two of them. */
  readonly newlyAllowed: readonly Space[];
  /** Flows the first allows and the second denies; no flow is in two of them. */
  readonly newlyDenied: readonly Space[];
  /** False where the rulesets differ in so much that not all of it was compared. */
  readonly isWhole: boolean;
}

/** Steps of a comparison, each of the size of one look at two spaces. */
const MOST_STEPS = 3_000_000;

/** Thrown where a comparison takes more steps than it may. */
class TooMuch extends Error {}

class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuch();
  }
}

const isAllow = ({ rule }: CompiledRule) => rule.action === 'ALLOW';

/** Texts by which rules that decide alike are known; equal sets are looked at once. */
class RuleKeys {
  readonly #keys = new Map<object, string>();

  of(rule: CompiledRule): string {
    const { sources, destinations, services, table, isIn, isOut } = rule;
    const sets = [sources, destinations, services, ...(table === null ? [] : [table])];
    return [isAllow(rule), isIn, isOut, ...sets.map((set) => this.#set(set))].join(' ');
  }

  #set(set: AddressSet | ServiceSet): string {
    const known = this.#keys.get(set) ?? set.key;
    this.#keys.set(set, known);
    return known;
  }
}

/**
 * Rules that stand in one ruleset only, or in another order: a flow that none of them matches meets the same
 * rules in the same order in both.
 */
function changedRules(
  before: readonly CompiledRule[],
  after: readonly CompiledRule[],
): readonly CompiledRule[] {
  const keys = new RuleKeys();
  const places = new Map<string, number[]>();
  after.forEach((rule, at) => {
    const key = keys.of(rule);
    places.set(key, [...(places.get(key) ?? []), at]);
  });
  const used = new Map<string, number>();
  const counterparts = before.map((rule) => {
    const key = keys.of(rule);
    const turn = used.get(key) ?? 0;
    used.set(key, turn + 1);
    return places.get(key)?.[turn];
  });
  const kept = longestRising(counterparts);
  const keptAfter = new Set([...kept].map((at) => counterparts[at]));
  return [
    ...before.filter((_, at) => !kept.has(at)),
    ...after.filter((_, at) => !keptAfter.has(at)),
  ];
}

/** Where a rule can decide at all: at the vNICs of workloads it is applied to. */
function reachOf(rule: CompiledRule, workloads: AddressSet): readonly Space[] {
  const { sources, destinations, services, table, isIn, isOut } = rule;
  const vnics = table === null ? workloads : workloads.intersect(table);
  return [
    ...(isOut ? [{ sources: sources.intersect(vnics), destinations, services }] : []),
    ...(isIn ? [{ sources, destinations: destinations.intersect(vnics), services }] : []),
  ].flatMap(familiesOf);
}

function defaultReach(workloads: AddressSet): readonly Space[] {
  const all = { services: ServiceSet.ALL };
  return [
    { ...all, sources: workloads, destinations: AddressSet.ALL },
    { ...all, sources: AddressSet.ALL, destinations: workloads },
  ].flatMap(familiesOf);
}

function allWithout(
  spaces: readonly Space[],
  taken: readonly Space[],
  budget: Budget,
): readonly Space[] {
  let left = spaces;
  for (const other of taken) {
    budget.take(left.length);
    left = left.flatMap((space) => without(space, other));
    if (left.length === 0) break;
  }
  return left;
}

/** What the table of the vNICs at one end lets pass of a space. */
function passingAt(
  ruleset: CompiledRuleset,
  space: Space,
  end: 'sources' | 'destinations',
  budget: Budget,
): readonly Space[] {
  const { rules, workloads, defaultRule } = ruleset;
  const passing = familiesOf({ ...space, [end]: space[end].subtract(workloads) }).slice();
  let left = familiesOf({ ...space, [end]: space[end].intersect(workloads) });
  for (const rule of rules) {
    if (left.length === 0) return passing;
    if (!(end === 'sources' ? rule.isOut : rule.isIn)) continue;
    budget.take(left.length);
    const own = rule.table === null ? rule : { ...rule, [end]: rule[end].intersect(rule.table) };
    if (!left.some((piece) => overlap(piece, own))) continue;
    if (isAllow(rule))
      for (const piece of left) if (overlap(piece, own)) passing.push(intersection(piece, own));
    left = left.flatMap((piece) => without(piece, own));
  }
  return defaultRule.action === 'ALLOW' ? [...passing, ...left] : passing;
}

/** What a ruleset allows of a space: what passes at both ends. */
function allowedIn(ruleset: CompiledRuleset, space: Space, budget: Budget): readonly Space[] {
  return passingAt(ruleset, space, 'sources', budget).flatMap((piece) =>
    passingAt(ruleset, piece, 'destinations', budget),
  );
}

/**
 * What the second ruleset allows and the first denies, and the other way round, decided by the sets that the
 * rules name and not by their texts. Both must be resolved with the same workloads. Only where rules
 * differ anything can be decided otherwise, and only there it is looked.
 *
 * @param most steps after which the comparison ends unfinished
 */
export function compareRulesets(
  before: CompiledRuleset,
  after: CompiledRuleset,
  most = MOST_STEPS,
): Difference {
  const budget = new Budget(most);
  const workloads = before.workloads.union(after.workloads);
  const changed = changedRules(before.rules, after.rules);
  const isClosedOtherwise =
    (before.defaultRule.action === 'ALLOW') !== (after.defaultRule.action === 'ALLOW');
  const newlyAllowed: Space[] = [];
  const newlyDenied: Space[] = [];
  const done: Space[] = [];
  const look = (reach: readonly Space[]) => {
    for (const space of reach.flatMap((each) => allWithout([each], done, budget))) {
      const first = allowedIn(before, space, budget);
      const second = allowedIn(after, space, budget);
      newlyAllowed.push(...allWithout(second, first, budget));
      newlyDenied.push(...allWithout(first, second, budget));
      done.push(space);
    }
  };
  let isWhole = true;
  try {
    if (isClosedOtherwise) for (const each of defaultReach(workloads)) look([each]);
    for (const rule of changed) for (const each of reachOf(rule, workloads)) look([each]);
  } catch (thrown) {
    if (!(thrown instanceof TooMuch)) throw thrown;
    isWhole = false;
  }
  return { newlyAllowed: gathered(newlyAllowed), newlyDenied: gathered(newlyDenied), isWhole };
}
