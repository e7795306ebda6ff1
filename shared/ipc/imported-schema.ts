import * as v from 'valibot';
import { IMPORT_FORMATS, type GroupDefinition, type ImportedRuleset } from '../domain/imported.ts';
import { CATEGORIES } from '../domain/ruleset.ts';
import { defaultRuleSchema, ruleFields } from './ruleset-schema.ts';

const texts = v.pipe(v.array(v.string()), v.readonly());
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const nullableText = v.nullable(v.string());

/** The check of a group as another system defines it. */
export const groupDefinitionSchema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  id: v.string(),
  path: nullableText,
  kind: v.picklist(['group', 'ip-set']),
  addresses: texts,
  children: texts,
  conditions: v.array(
    v.array(
      v.strictObject({
        member: v.string(),
        key: v.string(),
        operator: v.string(),
        value: v.string(),
      }),
    ),
  ),
  unresolved: v.boolean(),
}) satisfies v.GenericSchema<GroupDefinition>;

/** The check of all groups a draft brought along. */
export const groupDefinitionsSchema = v.array(groupDefinitionSchema);

const object = v.variant('kind', [
  v.strictObject({ kind: v.literal('group'), name: v.string() }),
  v.strictObject({ kind: v.literal('ip-set'), name: v.string(), addresses: texts }),
]);

const names = { id: v.string(), name: v.string() } as const;

/** Rules of another system may name more than a rule drawn here may. */
const rule = v.strictObject({
  ...ruleFields,
  ...names,
  sources: list(object),
  destinations: list(object),
  services: texts,
  appliedTo: texts,
});

const policy = v.strictObject({
  ...names,
  category: v.picklist(CATEGORIES),
  appliedTo: v.exactOptional(texts),
  locked: v.exactOptional(v.boolean()),
  rules: list(rule),
});

const origin = v.strictObject({
  key: v.string(),
  id: v.string(),
  path: nullableText,
  sequence: v.number(),
  version: nullableText,
});

/** The check of an imported ruleset as a project keeps it. */
export const importedSchema = v.strictObject({
  format: v.picklist(IMPORT_FORMATS),
  source: v.string(),
  ruleset: v.strictObject({
    policies: list(policy),
    defaultRule: v.exactOptional(defaultRuleSchema),
  }),
  groups: list(groupDefinitionSchema),
  services: list(v.strictObject({ ...names, path: nullableText, services: texts })),
  problems: list(
    v.strictObject({
      severity: v.picklist(['error', 'warning']),
      rule: nullableText,
      message: v.string(),
    }),
  ),
  policyOrigins: list(origin),
  ruleOrigins: list(origin),
}) satisfies v.GenericSchema<ImportedRuleset>;
