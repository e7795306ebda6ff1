import type { Exporter } from '../format.ts';
import { defaultRuleText } from '../model/default-rule.ts';
import {
  countsOf,
  type ExportModel,
  type ModelPolicy,
  type ModelRule,
} from '../model/export-model.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutRules } from '../model/warnings.ts';

/** A text as it stands in Markdown: nothing in it is markup, and it stays on its line. */
export function markdownText(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~<>&]/g, (sign) => `\\${sign}`)
    .trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function names(items: readonly { readonly name: string }[], isNegated = false): string {
  if (items.length === 0) return 'any';
  const list = items.map(({ name }) => markdownText(name)).join('<br>');
  return isNegated ? `all but<br>${list}` : list;
}

function ruleRow({ rule, ...own }: ModelRule, at: number): readonly string[] {
  const services = own.services.map(({ key }) => markdownText(key));
  return [
    String(at + 1),
    markdownText(rule.name),
    names(own.sources, rule.sourcesNegated),
    names(own.destinations, rule.destinationsNegated),
    services.length === 0 ? 'any' : services.join('<br>'),
    own.appliedTo.length === 0 ? 'DFW' : names(own.appliedTo),
    rule.disabled ? `${rule.action} (disabled)` : rule.action,
    [rule.direction, rule.ipVersion].map(markdownText).join('<br>'),
    rule.logged ? markdownText(rule.tag) : 'not logged',
    markdownText(rule.notes),
  ];
}

const RULE_HEAD = [
  '#',
  'Rule',
  'Sources',
  'Destinations',
  'Services',
  'Applied to',
  'Action',
  'Direction',
  'Log label',
  'Notes',
];

function policySection({ policy, rules }: ModelPolicy): string {
  const title = `## ${markdownText(policy.name)} (${policy.category})`;
  return `${title}\n\n${table(RULE_HEAD, rules.map(ruleRow))}`;
}

function groupSection(model: ExportModel): string {
  if (model.groups.length === 0) return '';
  const rows = model.groups.map((group) => [
    markdownText(group.name),
    group.kind === 'group' ? 'security group' : 'IP set',
    [...group.addresses[4], ...group.addresses[6]].map(markdownText).join('<br>'),
    group.children.map((key) => markdownText(model.groupOf(key)?.name ?? '')).join('<br>'),
  ]);
  return `## Groups and IP sets\n\n${table(['Name', 'Kind', 'Addresses', 'Groups inside'], rows)}`;
}

/** The rules as tables to read. */
export const markdownExporter: Exporter = {
  format: 'markdown',
  system: 'Markdown',
  needsRules: true,
  write({ model, report, input }) {
    warnAboutRules(model, report);
    warnAboutVips(model, input.inventory, report);
    const { defaultRule } = model;
    const sections = [
      '# Ruleset',
      ...model.policies.map(policySection),
      defaultRule === null ? '' : `## Default rule\n\n${defaultRuleText(defaultRule)}.`,
      groupSection(model),
    ];
    const text = `${sections.filter((section) => section !== '').join('\n\n')}\n`;
    return {
      files: [{ ending: '.md', mediaType: 'text/markdown', text }],
      counts: countsOf(model),
    };
  },
};
