import { defaultRuleText } from '../model/default-rule.ts';
import type { ExportModel, ModelPolicy, ModelRule } from '../model/export-model.ts';
import type { ReportFacts } from './facts.ts';
import { html, type Html } from './html.ts';
import { count, lines, table } from './table.ts';

function names(items: readonly { readonly name: string }[], isNegated = false): Html {
  if (items.length === 0) return html`any`;
  const list = lines(items.map(({ name }) => name));
  return isNegated ? html`all but<br />${list}` : list;
}

function ruleRow(own: ModelRule, at: number, facts: ReportFacts | undefined): Html {
  const { rule } = own;
  const hits = facts?.hits?.get(rule.id);
  const services = own.services.map(({ key }) => key);
  const tone = rule.action === 'ALLOW' ? 'allow' : 'deny';
  return html`<tr class="${rule.disabled ? 'off' : 'on'}">
    <td class="number">${at + 1}</td>
    <td><b>${rule.name}</b><br />${rule.notes}</td>
    <td>${names(own.sources, rule.sourcesNegated)}</td>
    <td>${names(own.destinations, rule.destinationsNegated)}</td>
    <td>${services.length === 0 ? 'any' : lines(services)}</td>
    <td>${own.appliedTo.length === 0 ? 'DFW' : names(own.appliedTo)}</td>
    <td><span class="${tone}">${rule.action}</span>${rule.disabled ? ' (disabled)' : ''}</td>
    <td>${rule.logged ? rule.tag : 'not logged'}</td>
    <td class="number">${hits === undefined ? '' : count(hits)}</td>
  </tr>`;
}

const COLUMNS = [
  { title: '#', isNumber: true },
  { title: 'Rule and its evidence' },
  { title: 'Sources' },
  { title: 'Destinations' },
  { title: 'Services' },
  { title: 'Applied to' },
  { title: 'Action' },
  { title: 'Log label' },
  { title: 'Decides events', isNumber: true },
];

function policySection({ policy, rules }: ModelPolicy, facts: ReportFacts | undefined): Html {
  return html`<h3>${policy.name} <span class="muted">(${policy.category})</span></h3>
    ${table(
      COLUMNS,
      rules.map((rule, at) => ruleRow(rule, at, facts)),
    )}`;
}

function closingText({ defaultRule }: ExportModel): string {
  return defaultRule === null
    ? 'The default rule stays as the firewall has it.'
    : `${defaultRuleText(defaultRule)}.`;
}

/** All rules with their notes, policy by policy. */
export function rulePart(model: ExportModel, facts: ReportFacts | undefined): Html {
  if (model.policies.length === 0)
    return html`<h2>Rules</h2>
      <p class="muted">There is no rule yet.</p>`;
  return html`<h2>Rules</h2>
    ${model.policies.map((policy) => policySection(policy, facts))}
    <p>${closingText(model)}</p>`;
}
