import type { Exporter, WrittenFile } from '../format.ts';
import { warnAboutDefault } from '../model/default-rule.ts';
import {
  countsOf,
  type ExportModel,
  type ModelPolicy,
  type ModelRule,
} from '../model/export-model.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutRules } from '../model/warnings.ts';
import { csvText, listCell } from './csv.ts';

const RULE_COLUMNS = [
  'ObjectType',
  'PolicyId',
  'PolicyName',
  'Id',
  'DisplayName',
  'Description',
  'SequenceNumber',
  'Action',
  'Direction',
  'IPProtocol',
  'Disabled',
  'Logged',
  'SourceGroups',
  'DestGroups',
  'Services',
  'AppliedTo',
  'Tags',
  'RawJson',
  'PolicyCategory',
  'SourcesNegated',
  'DestsNegated',
] as const;

function names(items: readonly { readonly name: string }[]): string {
  return items.length === 0 ? 'ANY' : listCell(items.map(({ name }) => name));
}

function flag(value: boolean | undefined): string {
  return value === true ? 'true' : 'false';
}

function ruleRow(policy: ModelPolicy, own: ModelRule, at: number): readonly string[] {
  const { rule } = own;
  return [
    'Rule',
    policy.id,
    policy.policy.name,
    own.id,
    rule.name,
    rule.notes,
    String((at + 1) * 10),
    rule.action,
    rule.direction,
    rule.ipVersion,
    flag(rule.disabled),
    flag(rule.logged),
    names(own.sources),
    names(own.destinations),
    own.services.length === 0 ? 'ANY' : listCell(own.services.map(({ key }) => key)),
    names(own.appliedTo),
    rule.tag,
    JSON.stringify(rule),
    policy.policy.category,
    flag(rule.sourcesNegated),
    flag(rule.destinationsNegated),
  ];
}

/** The default rule as a row below all others; nothing where the ruleset leaves the system's own. */
function defaultRow({ defaultRule }: ExportModel): readonly (readonly string[])[] {
  if (defaultRule === null) return [];
  const row: Partial<Record<(typeof RULE_COLUMNS)[number], string>> = {
    ObjectType: 'DefaultRule',
    DisplayName: 'Default rule',
    Action: defaultRule.action,
    Direction: 'IN_OUT',
    IPProtocol: 'IPV4_IPV6',
    Disabled: 'false',
    Logged: flag(defaultRule.logged),
    SourceGroups: 'ANY',
    DestGroups: 'ANY',
    Services: 'ANY',
    AppliedTo: 'ANY',
    RawJson: JSON.stringify(defaultRule),
  };
  return [RULE_COLUMNS.map((column) => row[column] ?? '')];
}

function groupRows(model: ExportModel): readonly (readonly string[])[] {
  return model.groups.map((group) => [
    group.kind === 'group' ? 'Group' : 'IPSet',
    group.id,
    group.name,
    listCell([...group.addresses[4], ...group.addresses[6]]),
    listCell(group.children.flatMap((key) => model.groupOf(key)?.name ?? [])),
    listCell(
      group.conditions.map((list) =>
        list
          .map(({ member, key, operator, value }) => `${member} ${key} ${operator} ${value}`)
          .join(' AND '),
      ),
    ),
  ]);
}

function file(ending: string, rows: readonly (readonly string[])[]): WrittenFile {
  return { ending, mediaType: 'text/csv', text: csvText(rows) };
}

/** The layout spreadsheet users pass around: a row for each rule, and companions for groups and services. */
export const csvExporter: Exporter = {
  format: 'csv',
  system: 'CSV',
  needsRules: true,
  write({ model, report, input }) {
    warnAboutRules(model, report);
    warnAboutVips(model, input.inventory, report);
    warnAboutDefault(model, 'It is the last row.', report);
    const rules = model.policies.flatMap((policy) =>
      policy.rules.map((rule, at) => ruleRow(policy, rule, at)),
    );
    const services = model.services.map(({ key, predefined }) => [
      'Service',
      predefined?.id ?? model.serviceIds.get(key) ?? '',
      predefined?.name ?? key,
      key,
      flag(predefined !== undefined),
    ]);
    const groupHead = ['ObjectType', 'Id', 'DisplayName', 'Addresses', 'Groups', 'Conditions'];
    const serviceHead = ['ObjectType', 'Id', 'DisplayName', 'Service', 'Predefined'];
    return {
      files: [
        file('.csv', [RULE_COLUMNS, ...rules, ...defaultRow(model)]),
        file('.groups.csv', [groupHead, ...groupRows(model)]),
        file('.services.csv', [serviceHead, ...services]),
      ],
      counts: countsOf(model),
    };
  },
};
