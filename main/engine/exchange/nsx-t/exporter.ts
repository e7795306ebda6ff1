import type { Exporter, ExportTask, Written, WrittenFile } from '../format.ts';
import { warnAboutDefault } from '../model/default-rule.ts';
import { countsOf, ID_PREFIX } from '../model/export-model.ts';
import { refuseNegatedUnknown } from '../model/negated.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutNsxT, warnAboutRules } from '../model/warnings.ts';
import { knownObjects } from './base-objects.ts';
import { checkNsxTree } from './check.ts';
import { defaultRuleTree } from './default-rule.ts';
import { checkGroups, GROUP_TAG_SCOPE, planGroups } from './groups.ts';
import type { NsxTree } from './objects.ts';
import { writePatch } from './patch.ts';
import { writePolicies } from './policies.ts';
import { nsxReadme, PATCH_NOTES, type Step } from './readme.ts';
import { planServices } from './services.ts';
import { deletingTrees, loadingTrees, treeText, type NsxParts } from './tree.ts';

/** The domain every NSX-T manager has. */
export const DOMAIN = 'default';

/** Where a hierarchical call goes. */
export const INFRA_CALL = 'PATCH /policy/api/v1/infra';

const JSON_TYPE = 'application/json';
const MARKDOWN_TYPE = 'text/markdown';

/** Everything of the model as objects of the API. */
export function nsxParts({ model, report }: ExportTask): NsxParts {
  checkGroups(model, report);
  const groups = planGroups(model, DOMAIN, report);
  const services = planServices(model, report);
  const policies = writePolicies(model, { groups, services, report });
  return { services: services.services, groups: groups.groups, policies };
}

/** Endings of a set of files: `.json` for the only one, else `-1.json`, `-2.json`, … */
function endings(count: number, before: string): readonly string[] {
  if (count === 1) return [`${before}.json`];
  return Array.from({ length: count }, (_, at) => `${before}${at === 0 ? '' : `-${at + 1}`}.json`);
}

/** Trees as files, and the calls that load them. */
export function treeFiles(
  task: ExportTask,
  trees: readonly NsxTree[],
  before: string,
  why: string,
): { readonly files: readonly WrittenFile[]; readonly steps: readonly Step[] } {
  const names = endings(trees.length, before);
  const part = (at: number) =>
    trees.length === 1 ? '' : ` (part ${at + 1} of ${trees.length}, in this order)`;
  return {
    files: trees.map((tree, at) => ({
      ending: names[at] ?? '',
      mediaType: JSON_TYPE,
      text: treeText(tree),
    })),
    steps: trees.map((_, at) => ({
      file: task.baseName + (names[at] ?? ''),
      call: INFRA_CALL,
      why: why + part(at),
    })),
  };
}

/** Hands what the check of a written body found to the report: then the writer is wrong, not the ruleset. */
export function addFindings(
  task: ExportTask,
  trees: readonly NsxTree[],
  known?: ReadonlySet<string>,
): void {
  for (const { rule, field, message } of checkNsxTree(trees, task.target, known)) {
    const found = task.model.policies
      .flatMap(({ rules }) => rules)
      .find(({ id }) => id === rule)?.rule;
    task.report.add({ severity: 'error', rule: found?.id ?? null, field, message });
  }
}

function readmeFile(task: ExportTask, steps: readonly Step[], undo: readonly Step[]): WrittenFile {
  const notes = [...PATCH_NOTES];
  if (task.variant === 'draft')
    notes.unshift(
      'Publishing makes the whole firewall equal to the draft: policies that are not in it go. Review it in the manager and add what must stay before you publish.',
    );
  return {
    ending: '.README.md',
    mediaType: MARKDOWN_TYPE,
    text: nsxReadme({
      title: 'Loading a Segwright ruleset into NSX-T',
      target: task.target,
      steps,
      undo,
      notes,
      warnings: task.report.problems.map(({ message }) => message),
    }),
  };
}

/**
 * The default rule in a file of its own, so that it is loaded last and by decision. What takes it back is
 * written only where it is known what the manager has: a guess could open the firewall.
 */
function defaultRuleFiles(task: ExportTask): {
  readonly files: readonly WrittenFile[];
  readonly steps: readonly Step[];
  readonly undo: readonly Step[];
} {
  const { defaultRule } = task.model;
  if (defaultRule === null) return { files: [], steps: [], undo: [] };
  const before = task.input.base?.format === 'nsx-t' && task.input.base.ruleset.defaultRule;
  const tree = defaultRuleTree(DOMAIN, defaultRule);
  addFindings(task, [tree]);
  const load = treeFiles(
    task,
    [tree],
    '.default-rule',
    'Change the default rule, when nothing that is needed reaches it any more. Read it first and keep the answer.',
  );
  const undo = before
    ? treeFiles(
        task,
        [defaultRuleTree(DOMAIN, before)],
        '.default-rule.rollback',
        'Give the default rule back what it was when the current ruleset was read.',
      )
    : { files: [], steps: [] };
  return { files: [...load.files, ...undo.files], steps: load.steps, undo: undo.steps };
}

function splitNote(task: ExportTask, count: number): void {
  if (count < 2) return;
  task.report.warn(
    `The ruleset is more than one call to a manager takes, so it is ${count} files: load them in their order.`,
  );
}

function writeComplete(task: ExportTask, parts: NsxParts): readonly WrittenFile[] {
  const trees = loadingTrees(DOMAIN, parts);
  addFindings(task, trees);
  splitNote(task, trees.length);
  const load = treeFiles(task, trees, '', 'Load services, groups, policies and rules.');
  const undo = treeFiles(
    task,
    deletingTrees(DOMAIN, parts),
    '.rollback',
    'Delete everything that was loaded, and nothing else.',
  );
  const last = defaultRuleFiles(task);
  return [
    ...load.files,
    ...undo.files,
    ...last.files,
    readmeFile(task, [...load.steps, ...last.steps], [...last.undo, ...undo.steps]),
  ];
}

function writeDraft(task: ExportTask, parts: NsxParts): readonly WrittenFile[] {
  const objects = loadingTrees(DOMAIN, { ...parts, policies: [] });
  addFindings(task, loadingTrees(DOMAIN, parts));
  const before = treeFiles(
    task,
    objects,
    '.objects',
    'Load services and groups: publishing a draft fails where one is missing.',
  );
  const draftId = `${ID_PREFIX}draft`;
  const [tree] = loadingTrees(
    DOMAIN,
    { ...parts, services: [], groups: [] },
    Number.MAX_SAFE_INTEGER,
  );
  const draft = {
    resource_type: 'PolicyDraft',
    id: draftId,
    display_name: 'Segwright ruleset',
    user_area: tree,
  };
  const file: WrittenFile = { ending: '.json', mediaType: JSON_TYPE, text: treeText(draft) };
  const put: Step = {
    file: `${task.baseName}.json`,
    call: `PUT /policy/api/v1/infra/drafts/${draftId}`,
    why: 'Save the draft. Nothing is enforced until somebody publishes it.',
  };
  const undo = treeFiles(
    task,
    deletingTrees(DOMAIN, parts),
    '.rollback',
    'Delete everything that was loaded, once the draft was published.',
  );
  const last = defaultRuleFiles(task);
  return [
    file,
    ...before.files,
    ...undo.files,
    ...last.files,
    readmeFile(task, [...before.steps, put, ...last.steps], [...last.undo, ...undo.steps]),
  ];
}

function writeChanges(task: ExportTask): Written {
  const { report, model, input } = task;
  const nothing = { files: [], counts: countsOf(model) };
  const stop = (message: string): Written => {
    report.add({ severity: 'error', rule: null, field: null, message });
    return nothing;
  };
  const { base } = input;
  if (base?.format !== 'nsx-t')
    return stop(
      'A patch needs to know what the manager has: import its ruleset, as the Policy API answers it, as the current one first.',
    );
  const patch = writePatch(task, base, DOMAIN);
  const { services, groups, policies } = patch.parts;
  const counts = {
    groups: groups.length,
    services: services.length,
    policies: policies.length,
    rules: patch.rules,
  };
  if (report.hasErrors) return { files: [], counts };
  if (patch.load.length === 0)
    return stop('The draft and the current ruleset are the same: there is nothing to patch.');
  addFindings(task, patch.load, patch.known);
  splitNote(task, patch.load.length);
  const load = treeFiles(task, patch.load, '', 'Change what differs, and nothing else.');
  const undo = treeFiles(
    task,
    patch.undo,
    '.rollback',
    'Give everything back what it was when the current ruleset was read.',
  );
  return {
    files: [...load.files, ...undo.files, readmeFile(task, load.steps, undo.steps)],
    counts,
  };
}

/** NSX-T, NSX 4 and NSX 9, through the hierarchical Policy API. */
export const nsxTExporter: Exporter = {
  format: 'nsx-t',
  system: 'NSX-T',
  needsRules: true,
  write(task): Written {
    const { model, report, input } = task;
    const known = task.variant === 'patch' && input.base ? knownObjects(input.base) : undefined;
    const groups = model.groups.filter((group) => known?.pathOfGroup(group) === undefined);
    warnAboutNsxT({ ...model, groups }, GROUP_TAG_SCOPE, report);
    warnAboutRules(model, report);
    warnAboutVips(model, input.inventory, report);
    refuseNegatedUnknown(model, report, (group) => known?.pathOfGroup(group) !== undefined);
    if (task.variant === 'patch') return writeChanges(task);
    warnAboutDefault(model, 'It is in a file of its own, to load last.', report);
    const parts = nsxParts(task);
    const counts = {
      groups: parts.groups.length,
      services: parts.services.length,
      policies: parts.policies.length,
      rules: parts.policies.reduce((sum, { rules }) => sum + rules.length, 0),
    };
    if (report.hasErrors) return { files: [], counts };
    const files = task.variant === 'draft' ? writeDraft(task, parts) : writeComplete(task, parts);
    return { files, counts };
  },
};
