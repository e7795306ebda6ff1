import type { ExportProblem } from '../../../../shared/domain/export.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { Exporter } from '../format.ts';
import { countsOf, type ExportModel } from '../model/export-model.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutRules } from '../model/warnings.ts';
import type { ReportFacts } from './facts.ts';
import { html, Html } from './html.ts';
import { inventoryPart, sourcePart, spuriousPart } from './inventory-part.ts';
import { closingPart, deniedPart, findingPart } from './outcome-part.ts';
import { rulePart } from './rule-part.ts';
import { REPORT_STYLE } from './style.ts';
import { count, percent } from './table.ts';

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
  if (facts?.score !== undefined) all.push(figure(`${facts.score} of 100`, 'score of the check'));
  if (coverage !== undefined)
    all.push(
      figure(percent(coverage.needed), 'of needed flows allowed by a rule'),
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
          ${sourcePart(facts ?? { sources: [] })} ${inventoryPart(inventory)}
          ${rulePart(model, facts)} ${findingPart(facts)} ${deniedPart(facts)} ${closingPart(facts)}
          ${spuriousPart(inventory)} ${problemSection(report.problems)}
        </body>
      </html> `;
    const text = `${page.text.trim().replace(/\n\s+/g, '\n')}\n`;
    return {
      files: [{ ending: '.html', mediaType: 'text/html', text }],
      counts: countsOf(model),
    };
  },
};
