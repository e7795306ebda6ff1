import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import {
  summaryOf,
  withMembers,
  type GroupDefinition,
  type ImportedRuleset,
  type ImportSummary,
} from '../../shared/domain/imported.ts';
import { Failure, textOf } from '../../shared/failure/failure.ts';
import { rulesetSchema } from '../../shared/ipc/contract.ts';
import { importRuleset, type ImportFile } from './exchange/import.ts';
import type { OpenProject } from './project.ts';
import { readJson, saveJson } from './store/saved-json.ts';

const CURRENT = 'current-ruleset';
const DEFINITIONS = 'draft-groups';

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

/**
 * Reads a ruleset from files and keeps it in the project: as the draft, or as the current ruleset, which
 * replay and patches begin at.
 *
 * @throws Failure `path-missing`, `path-unreadable` or `ruleset-unreadable`
 */
export async function importInto(project: OpenProject, order: ImportOrder): Promise<ImportSummary> {
  const imported = importRuleset(await readFiles(order.paths, order.names));
  if (order.as === 'current') {
    await saveJson(project.database, CURRENT, imported);
    return summaryOf(imported);
  }
  const checked = v.safeParse(rulesetSchema, imported.ruleset);
  if (!checked.success) {
    const [issue] = checked.issues;
    const problem = `${v.getDotPath(issue) ?? 'the ruleset'}: ${issue.message}`;
    throw new Failure('ruleset-unreadable', { path: imported.source, problem });
  }
  await saveJson(project.database, DEFINITIONS, imported.groups);
  await project.rulesets.replace(checked.output, 'Import of a ruleset');
  return summaryOf(imported);
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
  const kept = (await readJson(project.database, CURRENT)) as ImportedRuleset | undefined;
  return kept === undefined
    ? undefined
    : { ...kept, groups: withMembers(kept.groups, project.inventory) };
}

/** The groups the draft brought along, with the members seen; the current ruleset's where it has others. */
export async function draftGroups(project: OpenProject): Promise<readonly GroupDefinition[]> {
  const kept = (await readJson(project.database, DEFINITIONS)) as
    readonly GroupDefinition[] | undefined;
  return kept === undefined ? [] : withMembers(kept, project.inventory);
}
