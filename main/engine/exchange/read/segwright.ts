import * as v from 'valibot';
import type { GroupDefinition, ImportedRuleset } from '../../../../shared/domain/imported.ts';
import type { Ruleset } from '../../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../../shared/domain/ruleset-change.ts';
import { groupDefinitionsSchema } from '../../../../shared/ipc/imported-schema.ts';
import { rulesetSchema } from '../../../../shared/ipc/ruleset-schema.ts';
import { SEGWRIGHT_MARK } from '../segwright/exporter.ts';
import { isObject } from './json.ts';

const documentSchema = v.strictObject({
  segwright: v.literal(SEGWRIGHT_MARK.segwright),
  version: v.literal(SEGWRIGHT_MARK.version),
  ruleset: rulesetSchema,
  groups: groupDefinitionsSchema,
});

/** Whether a document is meant as a ruleset of Segwright: with its mark, or bare. */
export function isSegwright(document: unknown): boolean {
  return (
    isObject(document) &&
    (document['segwright'] !== undefined || Array.isArray(document['policies']))
  );
}

function imported(
  source: string,
  ruleset: Ruleset,
  groups: readonly GroupDefinition[],
): ImportedRuleset {
  const origin = ({ id }: { readonly id: string }, sequence: number) => {
    return { key: id, id, path: null, sequence, version: null };
  };
  return {
    format: 'segwright',
    source,
    ruleset,
    groups,
    services: [],
    problems: [],
    policyOrigins: ruleset.policies.map(origin),
    ruleOrigins: rulesOf(ruleset).map(origin),
  };
}

function problemOf([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const where = v.getDotPath(issue);
  return where === null ? issue.message : `${where}: ${issue.message}`;
}

/** Reads a ruleset of Segwright, or tells what is wrong with it. */
export function readSegwright(
  document: unknown,
  source: string,
): ImportedRuleset | { readonly problem: string } {
  if (isObject(document) && document['segwright'] !== undefined) {
    const checked = v.safeParse(documentSchema, document);
    if (!checked.success) return { problem: problemOf(checked.issues) };
    return imported(source, checked.output.ruleset, checked.output.groups);
  }
  const checked = v.safeParse(rulesetSchema, document);
  return checked.success
    ? imported(source, checked.output, [])
    : { problem: problemOf(checked.issues) };
}
