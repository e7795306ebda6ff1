import type { ImportedRuleset } from '../../../../shared/domain/imported.ts';
import { FACTORY_DEFAULT, type Rule, type Ruleset } from '../../../../shared/domain/ruleset.ts';
import type { ExportTask } from '../format.ts';
import { buildModel, ID_PREFIX, type ExportModel } from '../model/export-model.ts';
import { quote, type ExportReport } from '../model/report.ts';
import { knownObjects, type KnownObjects } from './base-objects.ts';
import { DEFAULT_POLICY, defaultRuleTree } from './default-rule.ts';
import { planGroups } from './groups.ts';
import type { NsxChild, NsxRule, NsxTree } from './objects.ts';
import type { BaseRule, PatchPlan } from './patch-plan.ts';
import { planPatch } from './patch-plan.ts';
import { writePolicy, writeRule, type RuleParts } from './policies.ts';
import { planServices } from './services.ts';
import { deletingTrees, loadingTrees, policyChanges, type NsxParts } from './tree.ts';

/** The bodies of a patch and of its way back, and what the manager must have for them. */
export interface Patch {
  readonly load: readonly NsxTree[];
  readonly undo: readonly NsxTree[];
  readonly parts: NsxParts;
  /** Paths of the manager that the patch names. */
  readonly known: ReadonlySet<string>;
  /** Rules that are written or deleted. */
  readonly rules: number;
}

const removal = (id: string): NsxChild => ({
  resource_type: 'ChildRule',
  marked_for_delete: true,
  Rule: { resource_type: 'Rule', id },
});

const writing = (rule: NsxRule): NsxChild => ({ resource_type: 'ChildRule', Rule: rule });

/** What writes the rules of a model, and the objects they bring along. */
function rulePartsOf(
  model: ExportModel,
  domain: string,
  report: ExportReport,
  known: KnownObjects,
) {
  const groups = planGroups(model, domain, report, known);
  const services = planServices(model, report, known);
  const parts: RuleParts = { groups, services, report };
  const models = new Map(
    model.policies.flatMap((policy) => policy.rules.map((rule) => [rule.rule, rule] as const)),
  );
  const write = (rule: Rule, id: string, sequence: number): readonly NsxRule[] => {
    const own = models.get(rule);
    return own === undefined ? [] : [writeRule(own, id, sequence, parts)];
  };
  return { groups, services, parts, write };
}

function sayWhatCannotBe(plan: PatchPlan, base: ImportedRuleset, report: ExportReport): void {
  for (const { policy, problem } of plan.impossible) {
    const message = `Policy ${quote(policy.name)} cannot be patched: ${problem}.`;
    report.add({ severity: 'error', rule: null, field: null, message });
  }
  const odd = new Map(
    base.problems.flatMap(({ rule, message }) => (rule === null ? [] : [[rule, message]])),
  );
  for (const { rule, before } of plan.changed.flatMap(({ writes }) => writes)) {
    const problem = before === null ? undefined : odd.get(before.rule.id);
    if (problem === undefined) continue;
    const message = `Rule ${quote(rule.name)} was changed, and not all of it was read from the manager, so that a patch would lose some: change it there. ${problem}`;
    report.add({ severity: 'error', rule: rule.id, field: null, message });
  }
}

function sayWhatGoes(plan: PatchPlan, report: ExportReport): void {
  if (plan.sharedCount === 0)
    report.warn(
      'No policy of the draft is in the current ruleset: all are added, and nothing of the manager is changed or deleted.',
    );
  for (const { policy, removes, isRenumbered } of plan.changed) {
    for (const { rule } of removes)
      report.warn(`Rule ${quote(rule.name)} of policy ${quote(policy.name)} is deleted.`);
    if (isRenumbered)
      report.warn(
        `The rules of policy ${quote(policy.name)} are numbered anew, since no sequence number was free between them.`,
      );
  }
  for (const { policy, rules } of plan.removed)
    report.warn(
      policy.id === DEFAULT_POLICY
        ? `Policy ${quote(policy.name)} is not in the draft; it is the manager's own and stays.`
        : `Policy ${quote(policy.name)} is deleted, with its ${rules.length} rules.`,
    );
  for (const { name } of plan.renamed)
    report.warn(`Policy ${quote(name)} keeps the name it has at the manager.`);
  if (plan.changed.some(({ writes }) => writes.some(({ before }) => before !== null)))
    report.warn(
      'A changed rule is replaced whole: its description and tags at the manager, which are not read here, go.',
    );
}

/** The current ruleset's rules that the way back writes again. */
function restoredPart({ changed, removed }: PatchPlan, base: ImportedRuleset): Ruleset {
  const rules = new Set<Rule>(
    [
      ...changed.flatMap(({ writes, removes }) => [
        ...writes.flatMap(({ before }) => before ?? []),
        ...removes,
      ]),
      ...removed.flatMap((policy) => policy.rules),
    ].map(({ rule }) => rule),
  );
  return {
    policies: base.ruleset.policies
      .map((policy) => ({ ...policy, rules: policy.rules.filter((rule) => rules.has(rule)) }))
      .filter((policy) => policy.rules.length > 0),
  };
}

function undoTrees(
  { input, report, model }: ExportTask,
  plan: PatchPlan,
  base: ImportedRuleset,
  domain: string,
  brought: NsxParts,
): readonly NsxTree[] {
  const before = buildModel(
    {
      ruleset: restoredPart(plan, base),
      inventory: input.inventory,
      definitions: base.groups,
      present: base,
    },
    report,
  );
  const own = rulePartsOf(before, domain, report, knownObjects(base));
  const restore = ({ rule, id, sequence }: BaseRule) => own.write(rule, id, sequence).map(writing);
  const changes = plan.changed.flatMap(({ id, writes, removes }) =>
    policyChanges(id, [
      ...writes.flatMap((step) =>
        step.before === null ? [removal(step.id)] : restore(step.before),
      ),
      ...removes.flatMap(restore),
    ]),
  );
  const policies = plan.removed.flatMap(({ policy, origin, rules }) =>
    policy.id === DEFAULT_POLICY || rules.length === 0
      ? []
      : [
          writePolicy(
            { policy, id: origin.id, sequence: origin.sequence },
            rules.flatMap(({ rule, id, sequence }) => own.write(rule, id, sequence)),
            report,
          ),
        ],
  );
  const parts = { services: own.services.services, groups: own.groups.groups, policies, changes };
  const was = base.ruleset.defaultRule ?? FACTORY_DEFAULT;
  return [
    ...loadingTrees(domain, parts),
    ...(isDefaultChanged(model, base) ? [defaultRuleTree(domain, was)] : []),
    ...deletingTrees(domain, brought),
  ];
}

/** A default rule nobody read stays as it is: what takes it back would be a guess. */
function isDefaultChanged({ defaultRule }: ExportModel, { ruleset }: ImportedRuleset): boolean {
  const was = ruleset.defaultRule;
  if (defaultRule === null || was === undefined) return false;
  return was.action !== defaultRule.action || was.logged !== defaultRule.logged;
}

/** The changes that lead from the current ruleset to the draft, and those that lead back. */
export function writePatch(task: ExportTask, base: ImportedRuleset, domain: string): Patch {
  const { input, model, report } = task;
  const plan = planPatch(input.ruleset, base);
  sayWhatCannotBe(plan, base, report);
  sayWhatGoes(plan, report);
  const known = knownObjects(base);
  const own = rulePartsOf(model, domain, report, known);
  const policyIds = new Map(model.policies.map(({ policy, id }) => [policy.id, ID_PREFIX + id]));
  const parts: NsxParts = {
    services: own.services.services,
    groups: own.groups.groups,
    policies: plan.added.map(({ policy, sequence }) => {
      const rules = model.policies.find((each) => each.policy.id === policy.id)?.rules ?? [];
      return writePolicy(
        { policy, id: policyIds.get(policy.id) ?? ID_PREFIX, sequence },
        rules.map((rule, at) => writeRule(rule, rule.id, (at + 1) * 10, own.parts)),
        report,
      );
    }),
    changes: [
      ...plan.changed.flatMap(({ id, writes, removes }) =>
        policyChanges(id, [
          ...writes.flatMap((step) => own.write(step.rule, step.id, step.sequence).map(writing)),
          ...removes.map((each) => removal(each.id)),
        ]),
      ),
      ...plan.removed
        .filter(({ policy }) => policy.id !== DEFAULT_POLICY)
        .map(({ origin }): NsxChild => ({
          resource_type: 'ChildSecurityPolicy',
          marked_for_delete: true,
          SecurityPolicy: { resource_type: 'SecurityPolicy', id: origin.id },
        })),
    ],
  };
  const { defaultRule } = model;
  const load = [
    ...loadingTrees(domain, parts),
    ...(defaultRule !== null && isDefaultChanged(model, base)
      ? [defaultRuleTree(domain, defaultRule)]
      : []),
  ];
  return {
    load,
    undo: report.hasErrors ? [] : undoTrees(task, plan, base, domain, parts),
    parts,
    known: known.paths,
    rules:
      plan.changed.reduce((sum, each) => sum + each.writes.length + each.removes.length, 0) +
      plan.added.reduce((sum, { policy }) => sum + policy.rules.length, 0) +
      plan.removed.reduce((sum, { rules }) => sum + rules.length, 0),
  };
}
