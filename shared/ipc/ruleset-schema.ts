import * as v from 'valibot';
import { CATEGORIES, RULE_ACTIONS, type Ruleset, type RulesetChange } from '../domain/ruleset.ts';

const text = v.pipe(v.string(), v.maxLength(10_000));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const list = <T extends v.GenericSchema>(item: T, most = 10_000) =>
  v.pipe(v.array(item), v.maxLength(most), v.readonly());

const ruleObject = v.variant('kind', [
  v.strictObject({ kind: v.literal('group'), name }),
  v.strictObject({ kind: v.literal('ip-set'), name, addresses: list(text) }),
]);

/** The fields of a rule besides its id. */
export const ruleFields = {
  name,
  sources: list(ruleObject, 128),
  sourcesNegated: v.exactOptional(v.boolean()),
  destinations: list(ruleObject, 128),
  destinationsNegated: v.exactOptional(v.boolean()),
  services: list(text, 128),
  appliedTo: list(name, 128),
  action: v.picklist(RULE_ACTIONS),
  direction: v.picklist(['IN', 'OUT', 'IN_OUT']),
  ipVersion: v.picklist(['IPV4', 'IPV6', 'IPV4_IPV6']),
  logged: v.boolean(),
  tag: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]{0,32}$/, 'a tag is at most 32 letters, digits, _ or -'),
  ),
  notes: v.pipe(v.string(), v.maxLength(2_048)),
  disabled: v.boolean(),
  locked: v.exactOptional(v.boolean()),
  logId: v.exactOptional(count(2 ** 32 - 1)),
} as const;

/** The check of a whole rule, also used where a ruleset is read from a file. */
export const ruleSchema = v.strictObject({ id: name, ...ruleFields });

const policyFields = {
  id: name,
  name,
  category: v.picklist(CATEGORIES),
  appliedTo: v.exactOptional(list(name, 128)),
  locked: v.exactOptional(v.boolean()),
} as const;

/** The check of a default rule. */
export const defaultRuleSchema = v.strictObject({
  action: v.picklist(RULE_ACTIONS),
  logged: v.boolean(),
  logId: v.exactOptional(count(2 ** 32 - 1)),
});

/** The check of a whole ruleset, also used where one is read from a file. */
export const rulesetSchema = v.strictObject({
  policies: list(v.strictObject({ ...policyFields, rules: list(ruleSchema, 100_000) })),
  defaultRule: v.exactOptional(defaultRuleSchema),
}) satisfies v.GenericSchema<Ruleset>;

const singleChanges = [
  v.strictObject({
    kind: v.literal('add-rule'),
    policy: name,
    category: v.exactOptional(v.picklist(CATEGORIES)),
    rule: v.strictObject(ruleFields),
  }),
  v.strictObject({ kind: v.literal('update-rule'), rule: ruleSchema }),
  v.strictObject({ kind: v.literal('remove-rule'), id: name }),
  v.strictObject({ kind: v.literal('move-rule'), id: name, to: count(100_000) }),
  v.strictObject({ kind: v.literal('update-policy'), policy: v.strictObject(policyFields) }),
  v.strictObject({ kind: v.literal('move-policy'), id: name, to: count(10_000) }),
  v.strictObject({ kind: v.literal('set-default'), rule: defaultRuleSchema }),
] as const;

/** The check of a change to the ruleset. */
export const changeSchema = v.variant('kind', [
  ...singleChanges,
  v.strictObject({
    kind: v.literal('several'),
    label: name,
    changes: v.pipe(list(v.variant('kind', [...singleChanges])), v.minLength(1)),
  }),
]) satisfies v.GenericSchema<RulesetChange>;
