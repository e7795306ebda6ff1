import type { ExportProblem } from '../../../../shared/domain/export.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import { formatAddress, parseAddress } from '../../../../shared/net/address.ts';
import { protocolName } from '../../../../shared/net/service.ts';
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
import type { ReportFacts } from './facts.ts';
import { html, Html, htmlText } from './html.ts';
import { REPORT_STYLE } from './style.ts';

const count = (value: number) => value.toLocaleString('en-GB');
/** A share as per cent, rounded down: 100 % is said of everything only. */
const percent = (share: number) => `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;

function lines(items: readonly string[]): Html {
  return new Html(items.map(htmlText).join('<br>'));
}

/** A time without its fractions: `2026-03-03 11:27:20`. */
function timeText(time: string | null): string {
  return time === null ? '' : time.replace('T', ' ').replace(/\.\d+Z$|Z$/, '');
}

function sourceTable({ sources, contents }: ReportFacts): Html {
  if (sources.length === 0) return html`<p class="muted">No log was loaded.</p>`;
  const rows = sources.map(
    (source) =>
      html`<tr>
        <td>${source.path}<br /><code class="muted">${contents?.get(source.path) ?? ''}</code></td>
        <td class="short">${source.host ?? ''}</td>
        <td class="short">${timeText(source.first)}<br />${timeText(source.last)}</td>
        <td class="number">${count(source.lines)}</td>
        <td class="number">${count(source.events)}</td>
        <td class="number">${count(source.rejects)}</td>
        <td class="number">${count(source.other + source.blank)}</td>
        <td>${source.error ?? ''}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Source and its content hash</th>
        <th>Host</th>
        <th>First and last event (UTC)</th>
        <th class="number">Lines</th>
        <th class="number">Events</th>
        <th class="number">Rejects</th>
        <th class="number">Other</th>
        <th>Remark</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function memberText(members: readonly string[]): string {
  const shown = members.slice(0, 60).map((text) => {
    const address = parseAddress(text);
    return address === undefined ? text : formatAddress(address);
  });
  const more = members.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

function groupTable({ groups }: Inventory): Html {
  const rows = groups.map(
    (group) =>
      html`<tr>
        <td class="name"><b>${group.name}</b></td>
        <td>${[group.application, group.tier].filter((text) => text !== null).join(', ')}</td>
        <td class="number">${count(group.members.length)}</td>
        <td>${memberText(group.members)}</td>
        <td>${group.children.join(', ')}</td>
        <td class="number">${percent(group.confidence)}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Group</th>
        <th>Application, tier</th>
        <th class="number">Members</th>
        <th>Addresses</th>
        <th>Groups inside</th>
        <th class="number">Confidence</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function vipTable({ vips }: Inventory): Html {
  if (vips.length === 0) return html``;
  const rows = vips.map(
    (vip) =>
      html`<tr>
        <td><b>${vip.address}</b></td>
        <td>
          ${lines(
            vip.ports.map(({ protocol, port, poolPort, pool }) => {
              return `${protocolName(protocol)}/${port} to ${pool.join(', ')} on ${poolPort}`;
            }),
          )}
        </td>
        <td>${vip.group ?? ''}</td>
        <td>${vip.snat.join(', ')}</td>
      </tr>`,
  );
  return html`<h3>Virtual addresses of load balancers</h3>
    <table>
      <thead>
        <tr>
          <th>Address</th>
          <th>Ports and pools</th>
          <th>Group</th>
          <th>Balancer's own addresses</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function spuriousSection({ spurious }: Inventory): Html {
  if (spurious.length === 0) return html``;
  const rows = spurious.map(
    (source) =>
      html`<tr>
        <td><b>${source.address}</b></td>
        <td>${source.kind}</td>
        <td class="number">${count(source.events)}</td>
        <td class="number">${count(source.targets)}</td>
        <td class="number">${count(source.ports)}</td>
      </tr>`,
  );
  return html`<h2>Spurious sources</h2>
    <p class="muted">Addresses whose sessions serve no purpose of an application.</p>
    <table>
      <thead>
        <tr>
          <th>Address</th>
          <th>Kind</th>
          <th class="number">Events</th>
          <th class="number">Targets</th>
          <th class="number">Services asked for</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

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

function policySection({ policy, rules }: ModelPolicy, facts: ReportFacts | undefined): Html {
  return html`<h3>${policy.name} <span class="muted">(${policy.category})</span></h3>
    <table>
      <thead>
        <tr>
          <th class="number">#</th>
          <th>Rule and its evidence</th>
          <th>Sources</th>
          <th>Destinations</th>
          <th>Services</th>
          <th>Applied to</th>
          <th>Action</th>
          <th>Log label</th>
          <th class="number">Decides events</th>
        </tr>
      </thead>
      <tbody>
        ${rules.map((rule, at) => ruleRow(rule, at, facts))}
      </tbody>
    </table>`;
}

function closingText({ defaultRule }: ExportModel): string {
  return defaultRule === null
    ? 'The default rule stays as the firewall has it.'
    : `${defaultRuleText(defaultRule)}.`;
}

function ruleSection(model: ExportModel, facts: ReportFacts | undefined): Html {
  if (model.policies.length === 0)
    return html`<h2>Rules</h2>
      <p class="muted">There is no rule yet.</p>`;
  return html`<h2>Rules</h2>
    ${model.policies.map((policy) => policySection(policy, facts))}
    <p>${closingText(model)}</p>`;
}

function deniedSection(facts: ReportFacts | undefined): Html {
  const denied = facts?.denied;
  if (denied === undefined) return html``;
  const rows = denied.map(
    (flow) =>
      html`<tr>
        <td>${flow.source}</td>
        <td>${flow.destination}</td>
        <td>${flow.service}</td>
        <td>${flow.decidedBy}</td>
        <td class="number">${count(flow.events)}</td>
      </tr>`,
  );
  if (denied.length === 0)
    return html`<h2>What the rules would deny</h2>
      <p class="muted">Nothing that the firewall let through.</p>`;
  return html`<h2>What the rules would deny</h2>
    <p class="muted">Logged traffic that passed, and that these rules would stop.</p>
    <table>
      <thead>
        <tr>
          <th>Source</th>
          <th>Destination</th>
          <th>Service</th>
          <th>Decided by</th>
          <th class="number">Events</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function problemSection(problems: readonly ExportProblem[]): Html {
  if (problems.length === 0) return html``;
  return html`<h2>To know before loading</h2>
    ${problems.map(({ severity, message }) => html`<p class="${severity}">${message}</p>`)}`;
}

function figure(value: string, name: string): Html {
  return html`<div><b>${value}</b> ${name}</div>`;
}

function figures(model: ExportModel, inventory: Inventory, facts: ReportFacts | undefined): Html {
  const events = facts?.sources.reduce((sum, source) => sum + source.events, 0) ?? 0;
  const coverage = facts?.coverage;
  const { rules, policies } = countsOf(model);
  const all = [
    figure(count(events), 'events read'),
    figure(count(inventory.groups.length), 'groups'),
    figure(count(inventory.workloads), 'workloads'),
    figure(count(policies), 'policies'),
    figure(count(rules), 'rules'),
  ];
  if (coverage !== undefined)
    all.push(
      figure(percent(coverage.flows), 'of flows allowed by a rule'),
      figure(percent(coverage.events), 'of events allowed by a rule'),
    );
  return html`<div class="figures">${all}</div>`;
}

/** One page to print, with no script and nothing from elsewhere: what was loaded, found and drawn. */
export const reportExporter: Exporter = {
  format: 'report',
  system: 'a report',
  needsRules: false,
  write({ model, input, report }) {
    const { inventory, facts } = input;
    warnAboutRules(model, report);
    warnAboutVips(model, inventory, report);
    const page = html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta
            http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'unsafe-inline'"
          />
          <title>Segwright report</title>
          <style>
            ${new Html(REPORT_STYLE)}
          </style>
        </head>
        <body>
          <h1>Micro-segmentation report</h1>
          <p class="muted">Written by Segwright from the logs below.</p>
          ${figures(model, inventory, facts)}
          <h2>What was loaded</h2>
          ${sourceTable(facts ?? { sources: [] })}
          <h2>Inventory</h2>
          ${
            inventory.groups.length === 0
              ? html`<p class="muted">No group was found.</p>`
              : groupTable(inventory)
          }
          ${vipTable(inventory)} ${ruleSection(model, facts)} ${deniedSection(facts)}
          ${spuriousSection(inventory)} ${problemSection(report.problems)}
        </body>
      </html> `;
    const text = `${page.text.trim().replace(/\n\s+/g, '\n')}\n`;
    return {
      files: [{ ending: '.html', mediaType: 'text/html', text }],
      counts: countsOf(model),
    };
  },
};
