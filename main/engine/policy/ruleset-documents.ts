import * as v from 'valibot';
import { rulesetSchema } from '../../../shared/ipc/ruleset-schema.ts';
import type { Policy, Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { longestRising } from '../../../shared/policy/longest-rising.ts';
import type { DocumentChange } from '../store/history.ts';

/** A policy or a rule as it is kept: with its place among its siblings, without what lies in it. */
interface Kept<T> {
  readonly rank: number;
  readonly of: T;
}

const HEAD = 'ruleset';

function policyKey(policy: Policy): string {
  return `policy:${policy.id}`;
}

function ruleKey(policy: Policy, rule: Rule): string {
  return `rule:${JSON.stringify([policy.id, rule.id])}`;
}

/**
 * Ranks for a list of keys, growing along it, as many as possible as they were: a thing that moved
 * gets a number between its new neighbours. Where no number lies between, all are given anew.
 */
export function ranksFor(
  keys: readonly string[],
  present: ReadonlyMap<string, number>,
): readonly number[] {
  const kept = longestRising(keys.map((key) => present.get(key)));
  const ranks: number[] = [];
  let nextKept = -1;
  for (let at = 0; at < keys.length; at++) {
    const own = present.get(keys[at] ?? '');
    if (kept.has(at) && own !== undefined) {
      ranks.push(own);
      continue;
    }
    if (nextKept < at) {
      nextKept = at;
      while (nextKept < keys.length && !kept.has(nextKept)) nextKept++;
    }
    const low = ranks.at(-1) ?? 0;
    const next = nextKept < keys.length ? present.get(keys[nextKept] ?? '') : undefined;
    const rank = next === undefined ? low + 1 : low + (next - low) / (nextKept - at + 1);
    if (rank <= low || (next !== undefined && rank >= next))
      return keys.map((_, place) => place + 1);
    ranks.push(rank);
  }
  return ranks;
}

/** A ruleset as the project file keeps it: a text for each policy and each rule. */
export class RulesetDocuments {
  readonly ruleset: Ruleset;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #ranks: ReadonlyMap<string, number>;

  private constructor(
    ruleset: Ruleset,
    texts: ReadonlyMap<string, string>,
    ranks: ReadonlyMap<string, number>,
  ) {
    this.ruleset = ruleset;
    this.#texts = texts;
    this.#ranks = ranks;
  }

  /** Reads a ruleset from its texts. */
  static read(texts: ReadonlyMap<string, string>): RulesetDocuments {
    const ranks = new Map<string, number>();
    const policies: Kept<Omit<Policy, 'rules'>>[] = [];
    const rules = new Map<string, Kept<Rule>[]>();
    let head: object = {};
    for (const [key, text] of texts) {
      const stored: unknown = JSON.parse(text);
      if (key === HEAD) {
        head = v.parse(v.looseObject({}), stored);
        continue;
      }
      const { rank, of } = v.parse(v.object({ rank: v.number(), of: v.looseObject({}) }), stored);
      ranks.set(key, rank);
      if (key.startsWith('policy:')) policies.push({ rank, of: of as unknown as Policy });
      else {
        const [policy] = v.parse(v.tuple([v.string(), v.string()]), JSON.parse(key.slice(5)));
        const siblings = rules.get(policy) ?? [];
        siblings.push({ rank, of: of as unknown as Rule });
        rules.set(policy, siblings);
      }
    }
    const inOrder = <T>(kept: readonly Kept<T>[]) =>
      kept.toSorted((a, b) => a.rank - b.rank).map(({ of }) => of);
    const whole = {
      ...head,
      policies: inOrder(policies).map((policy) => ({
        ...policy,
        rules: inOrder(rules.get(policy.id) ?? []),
      })),
    };
    return new RulesetDocuments(v.parse(rulesetSchema, whole), texts, ranks);
  }

  /** The texts after a change, and which of them differ from the present ones. */
  to(next: Ruleset): {
    readonly documents: RulesetDocuments;
    readonly changes: readonly DocumentChange[];
  } {
    const texts = new Map<string, string>();
    const ranks = new Map<string, number>();
    const put = (key: string, rank: number, of: object) => {
      ranks.set(key, rank);
      texts.set(key, JSON.stringify({ rank, of }));
    };
    const { policies, ...head } = next;
    if (Object.keys(head).length > 0) texts.set(HEAD, JSON.stringify(head));
    const policyRanks = ranksFor(policies.map(policyKey), this.#ranks);
    policies.forEach((policy, at) => {
      const { rules, ...fields } = policy;
      put(policyKey(policy), policyRanks[at] ?? 0, fields);
      const keys = rules.map((rule) => ruleKey(policy, rule));
      const ruleRanks = ranksFor(keys, this.#ranks);
      rules.forEach((rule, place) => {
        put(keys[place] ?? '', ruleRanks[place] ?? 0, rule);
      });
    });
    const changes: DocumentChange[] = [];
    for (const key of new Set([...this.#texts.keys(), ...texts.keys()])) {
      const after = texts.get(key) ?? null;
      if (after !== (this.#texts.get(key) ?? null)) changes.push({ part: 'ruleset', key, after });
    }
    return { documents: new RulesetDocuments(next, texts, ranks), changes };
  }
}
