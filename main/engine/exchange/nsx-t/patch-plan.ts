import type { ImportedRuleset, ImportOrigin } from '../../../../shared/domain/imported.ts';
import {
  CATEGORIES,
  type Policy,
  type Rule,
  type Ruleset,
} from '../../../../shared/domain/ruleset.ts';
import { policiesInOrder, scopeOf } from '../../../../shared/policy/compile.ts';
import { writtenAddresses } from '../model/addresses.ts';
import { idFrom, IdRegister } from '../model/ids.ts';
import { modelService } from '../model/services.ts';
import { DEFAULT_POLICY } from './default-rule.ts';
import { sequencesFor } from './sequences.ts';

/** A rule of the draft as a patch writes it, new or changed. */
export interface RuleStep {
  readonly rule: Rule;
  /** The manager's id where it has the rule, else a free one. */
  readonly id: string;
  readonly sequence: number;
  /** The rule as the manager has it; `null` for a new one. */
  readonly before: BaseRule | null;
}

/** A rule of the current ruleset where it stands at the manager. */
export interface BaseRule {
  readonly rule: Rule;
  readonly id: string;
  readonly sequence: number;
}

/** What changes in a policy that the manager has. */
export interface PolicyStep {
  readonly policy: Policy;
  readonly id: string;
  readonly writes: readonly RuleStep[];
  readonly removes: readonly BaseRule[];
  /** Whether rules that did not change get other sequence numbers. */
  readonly isRenumbered: boolean;
}

/** A policy the manager does not have yet. */
export interface AddedPolicy {
  readonly policy: Policy;
  readonly sequence: number;
}

/** A policy that only the manager has. */
export interface RemovedPolicy {
  readonly policy: Policy;
  readonly origin: ImportOrigin;
  readonly rules: readonly BaseRule[];
}

/** What leads from the current ruleset to the draft. */
export interface PatchPlan {
  readonly changed: readonly PolicyStep[];
  readonly added: readonly AddedPolicy[];
  /** Policies that the draft has no more; none where it shares no policy with the current ruleset. */
  readonly removed: readonly RemovedPolicy[];
  /** Policies both have. */
  readonly sharedCount: number;
  /** Policies that a patch cannot change as the draft asks, with the reason. */
  readonly impossible: readonly { readonly policy: Policy; readonly problem: string }[];
  /** Policies that keep the manager's name. */
  readonly renamed: readonly Policy[];
}

function sideText(objects: Rule['sources']): readonly string[] {
  return objects
    .map((object) =>
      object.kind === 'group'
        ? JSON.stringify(['group', object.name])
        : JSON.stringify(['ip-set', object.name, writtenAddresses(object.addresses)]),
    )
    .toSorted();
}

/** Equal for rules a manager would not tell apart: the order in lists and ways to write do not count. */
function textOf(policy: Policy, rule: Rule): string {
  return JSON.stringify([
    rule.name,
    sideText(rule.sources),
    rule.sourcesNegated === true,
    sideText(rule.destinations),
    rule.destinationsNegated === true,
    rule.services.map((text) => modelService(text)?.key ?? text).toSorted(),
    scopeOf(policy, rule).toSorted(),
    rule.action,
    rule.direction,
    rule.ipVersion,
    rule.logged,
    rule.tag,
    rule.notes,
    rule.disabled,
  ]);
}

class Base {
  readonly policies = new Map<
    string,
    { readonly policy: Policy; readonly origin: ImportOrigin; readonly at: number }
  >();
  readonly #rules = new Map<string, ImportOrigin>();

  constructor({ ruleset, policyOrigins, ruleOrigins }: ImportedRuleset) {
    for (const origin of ruleOrigins) this.#rules.set(origin.key, origin);
    const origins = new Map(policyOrigins.map((origin) => [origin.key, origin]));
    for (const policy of policiesInOrder(ruleset)) {
      const origin = origins.get(policy.id);
      if (origin === undefined) continue;
      this.policies.set(policy.id, { policy, origin, at: this.policies.size });
    }
  }

  rulesOf(policy: Policy): readonly BaseRule[] {
    return policy.rules.map((rule) => {
      const origin = this.#rules.get(rule.id);
      return { rule, id: origin?.id ?? rule.id, sequence: origin?.sequence ?? 0 };
    });
  }
}

function policyStep(base: Base, draft: Policy): PolicyStep | null {
  const known = base.policies.get(draft.id);
  if (known === undefined) return null;
  const before = base.rulesOf(known.policy);
  const placeOf = new Map(before.map(({ rule }, at) => [rule.id, at]));
  const places = draft.rules.map(({ id }) => placeOf.get(id));
  const sequences = sequencesFor(
    places,
    before.map(({ sequence }) => sequence),
  );
  const ids = new IdRegister();
  for (const { id } of before) ids.take(id);
  const writes = draft.rules.flatMap((rule, at): readonly RuleStep[] => {
    const place = places[at];
    const own = place === undefined ? undefined : before[place];
    const sequence = sequences.numbers[at] ?? 0;
    const isSame =
      own !== undefined &&
      own.sequence === sequence &&
      textOf(draft, rule) === textOf(known.policy, own.rule);
    if (isSame) return [];
    return [{ rule, id: own?.id ?? ids.take(idFrom(rule.id)), sequence, before: own ?? null }];
  });
  const kept = new Set(draft.rules.map(({ id }) => id));
  return {
    policy: draft,
    id: known.origin.id,
    writes,
    removes: before.filter(({ rule }) => !kept.has(rule.id)),
    isRenumbered: sequences.isRenumbered,
  };
}

function problemsOf(base: Base, draft: Policy): string | null {
  const known = base.policies.get(draft.id)?.policy;
  if (known === undefined) return null;
  if (known.category !== draft.category)
    return `its category is ${known.category} at the manager, and a policy cannot move to another`;
  const scopes = [known, draft].map((each) => JSON.stringify((each.appliedTo ?? []).toSorted()));
  return scopes[0] === scopes[1]
    ? null
    : 'its Applied To was changed, which a patch of rules does not reach; change it in the manager first';
}

/**
 * What leads from a current ruleset to a draft. Rules and policies are known again by their ids, which an
 * import keeps: those that did not change are not touched.
 */
export function planPatch(draft: Ruleset, imported: ImportedRuleset): PatchPlan {
  const base = new Base(imported);
  const policies = policiesInOrder(draft);
  const shared = policies.filter(({ id }) => base.policies.has(id));
  const ids = new Set(policies.map(({ id }) => id));
  const impossible = policies.flatMap((policy) => {
    const problem = problemsOf(base, policy);
    return problem === null ? [] : [{ policy, problem }];
  });
  const added: AddedPolicy[] = [];
  for (const category of CATEGORIES) {
    const inCategory = policies.filter((policy) => policy.category === category);
    // The manager's own policy stands last, whatever was added below it here.
    const own = inCategory.toSorted(
      (a, b) => Number(a.id === DEFAULT_POLICY) - Number(b.id === DEFAULT_POLICY),
    );
    const places = own.map(({ id }) => base.policies.get(id)?.at);
    const known = [...base.policies.values()].map(({ origin }) => origin.sequence);
    const { numbers, isRenumbered } = sequencesFor(places, known);
    own.forEach((policy, at) => {
      const origin = base.policies.get(policy.id)?.origin;
      const sequence = numbers[at] ?? 0;
      if (origin === undefined) {
        if (policy.rules.length > 0) added.push({ policy, sequence });
      } else if (origin.sequence !== sequence && !isRenumbered) {
        const problem =
          'it stands elsewhere among the policies of the manager; move it there first';
        impossible.push({ policy, problem });
      }
    });
    if (isRenumbered && added.some(({ policy }) => policy.category === category)) {
      const policy = added.find((each) => each.policy.category === category)?.policy;
      const problem =
        'no sequence number is free between its neighbours at the manager; move those apart first';
      if (policy !== undefined) impossible.push({ policy, problem });
    }
  }
  return {
    changed: shared
      .flatMap((policy) => policyStep(base, policy) ?? [])
      .filter(({ writes, removes }) => writes.length + removes.length > 0),
    added,
    removed:
      shared.length === 0
        ? []
        : [...base.policies.values()]
            .filter(({ policy }) => !ids.has(policy.id))
            .map(({ policy, origin }) => ({ policy, origin, rules: base.rulesOf(policy) })),
    sharedCount: shared.length,
    impossible,
    renamed: shared.filter(({ id, name }) => base.policies.get(id)?.policy.name !== name),
  };
}

/** Only the rules a patch writes, so that nothing else has to be said in its format. */
export function patchedPart(draft: Ruleset, { changed, added }: PatchPlan): Ruleset {
  return {
    ...(draft.defaultRule === undefined ? {} : { defaultRule: draft.defaultRule }),
    policies: [
      ...changed.map(({ policy, writes }) => ({
        ...policy,
        rules: writes.map(({ rule }) => rule),
      })),
      ...added.map(({ policy }) => policy),
    ],
  };
}
