import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import {
  overviewOf,
  summaryOf,
  withMembers,
  type GroupDefinition,
  type ImportedRuleset,
  type ImportPreview,
  type ImportSummary,
} from '../../shared/domain/imported.ts';
import type { Ruleset } from '../../shared/domain/ruleset.ts';
import { checkIds, rulesOf } from '../../shared/domain/ruleset-change.ts';
import { Failure, textOf } from '../../shared/failure/failure.ts';
import { rulesetSchema } from '../../shared/ipc/ruleset-schema.ts';
import { importRuleset, type ImportFile } from './exchange/import.ts';
import type { OpenProject } from './project.ts';

async function readFiles(
  paths: readonly string[],
  names: readonly string[] | undefined,
): Promise<readonly ImportFile[]> {
  const files: ImportFile[] = [];
  for (const [at, path] of paths.entries()) {
    try {
      files.push({ name: names?.[at] ?? path, text: await readFile(path, 'utf8') });
    } catch (thrown) {
      const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      if (isMissing) throw new Failure('path-missing', { path }, thrown);
      throw new Failure('path-unreadable', { path, reason: textOf(thrown) }, thrown);
    }
  }
  return files;
}

/** How a ruleset is imported. */
export interface ImportOrder {
  readonly paths: readonly string[];
  /** What the user calls each path, where the path is only a copy. */
  readonly names?: readonly string[] | undefined;
  /** Whether it becomes the draft, or is kept as what the system has now. */
  readonly as: 'draft' | 'current';
}

function draftOf({ ruleset, source }: ImportedRuleset): Ruleset {
  const checked = v.safeParse(rulesetSchema, ruleset);
  if (!checked.success) {
    const [issue] = checked.issues;
    const problem = `${v.getDotPath(issue) ?? 'the ruleset'}: ${issue.message}`;
    throw new Failure('ruleset-unreadable', { path: source, problem });
  }
  checkIds(checked.output);
  return checked.output;
}

/**
 * Reads a ruleset from files and keeps it in the project, as one change that can be undone: as the draft, or
 * as the current ruleset, which replay and patches begin at.
 *
 * @throws Failure `path-missing`, `path-unreadable` or `ruleset-unreadable`
 */
export async function importInto(project: OpenProject, order: ImportOrder): Promise<ImportSummary> {
  const imported = importRuleset(await readFiles(order.paths, order.names));
  if (order.as === 'current') {
    const change = project.imported.changeOfCurrent(imported);
    await project.history.inTurn(() =>
      project.history.commit('Import of the current ruleset', [change]),
    );
    return summaryOf(imported);
  }
  const draft = draftOf(imported);
  await project.history.inTurn(async () => {
    const rules = await project.rulesets.prepare(() => draft);
    const groups = project.imported.changeOfGroups(imported.groups);
    await project.history.commit('Import of a ruleset', [...rules.changes, groups]);
    rules.done();
  });
  return summaryOf(imported);
}

/** Forgets the ruleset that was imported as what the system has now, as one change that can be undone. */
export async function dropCurrent(project: OpenProject): Promise<void> {
  const change = project.imported.changeOfCurrent(null);
  await project.history.inTurn(() =>
    project.history.commit('Removal of the current ruleset', [change]),
  );
}

/**
 * Reads a ruleset from files without keeping it, short enough to be shown.
 *
 * @throws Failure `path-missing`, `path-unreadable` or `ruleset-unreadable`
 */
export async function previewImport(
  project: OpenProject,
  { paths, names }: Omit<ImportOrder, 'as'>,
): Promise<ImportPreview> {
  const imported = importRuleset(await readFiles(paths, names));
  const { ruleset } = await project.rulesets.read();
  const overview = { ...overviewOf(imported), draftRules: rulesOf(ruleset).length };
  try {
    draftOf(imported);
    return { ...overview, draftProblem: null };
  } catch (thrown) {
    return { ...overview, draftProblem: textOf(thrown) };
  }
}

/**
 * Reads a ruleset from files without keeping it, its groups with the members seen.
 *
 * @throws Failure `path-missing`, `path-unreadable` or `ruleset-unreadable`
 */
export async function readRuleset(
  project: OpenProject,
  paths: readonly string[],
): Promise<ImportedRuleset> {
  const imported = importRuleset(await readFiles(paths, undefined));
  return { ...imported, groups: withMembers(imported.groups, project.inventory) };
}

/** The ruleset that was imported as what the system has now, its groups with the members seen. */
export async function currentRuleset(project: OpenProject): Promise<ImportedRuleset | undefined> {
  const kept = await project.imported.current();
  return kept === undefined
    ? undefined
    : { ...kept, groups: withMembers(kept.groups, project.inventory) };
}

/** The groups the draft brought along, with the members seen. */
export async function draftGroups(project: OpenProject): Promise<readonly GroupDefinition[]> {
  return withMembers(await project.imported.draftGroups(), project.inventory);
}
