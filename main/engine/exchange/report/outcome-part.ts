import type { ReportedFlow, ReportFacts } from './facts.ts';
import { html, type Html } from './html.ts';
import { count, table } from './table.ts';

const COLUMNS = [
  { title: 'Source' },
  { title: 'Destination' },
  { title: 'Service' },
  { title: 'Decided by' },
  { title: 'Events', isNumber: true },
];

function flowTable(flows: readonly ReportedFlow[]): Html {
  return table(
    COLUMNS,
    flows.map(
      (flow) =>
        html`<tr>
          <td>${flow.source}</td>
          <td>${flow.destination}</td>
          <td>${flow.service}</td>
          <td>${flow.decidedBy}</td>
          <td class="number">${count(flow.events)}</td>
        </tr>`,
    ),
  );
}

/** Logged traffic that passed and that the rules would stop. */
export function deniedPart(facts: ReportFacts | undefined): Html {
  const denied = facts?.denied;
  if (denied === undefined) return html``;
  if (denied.length === 0)
    return html`<h2>What the rules would deny</h2>
      <p class="muted">Nothing that the firewall let through.</p>`;
  return html`<h2>What the rules would deny</h2>
    <p class="muted">Logged traffic that passed, and that these rules would stop.</p>
    ${flowTable(denied)}`;
}

/** What would be hit once every closing deny is enabled and the default rule drops. */
export function closingPart(facts: ReportFacts | undefined): Html {
  const closing = facts?.closing;
  if (closing === undefined) return html``;
  const { isClosed, passed, needed, flows } = closing;
  if (isClosed)
    return html`<h2>What the closing deny would hit</h2>
      <p class="muted">All is closed already: nothing more would be denied.</p>`;
  const many = passed.flows === 1 ? 'One logged flow' : `${count(passed.flows)} logged flows`;
  return html`<h2>What the closing deny would hit</h2>
    <p>
      ${many} that passed (${count(passed.events)} events) would be denied once every closing deny
      is enabled and the default rule drops; ${count(needed.flows)} of them serve an application or
      a shared service.
    </p>
    ${flows.length === 0 ? html`` : flowTable(flows)}`;
}

/** What a check found in the rules, the most severe first. */
export function findingPart(facts: ReportFacts | undefined): Html {
  const findings = facts?.findings;
  if (findings === undefined) return html``;
  if (findings.length === 0)
    return html`<h2>Findings</h2>
      <p class="muted">The check found nothing in the rules.</p>`;
  const rows = findings.map(
    ({ severity, kind, rule, detail }) =>
      html`<tr>
        <td>${severity}</td>
        <td class="short">${kind}</td>
        <td>${rule ?? ''}</td>
        <td>${detail}</td>
      </tr>`,
  );
  const more = (facts?.findingCount ?? findings.length) - findings.length;
  return html`<h2>Findings</h2>
    ${table(
      ['Severity', 'Finding', 'Rule', 'Detail'].map((title) => ({ title })),
      rows,
    )}
    ${more > 0 ? html`<p class="muted">${count(more)} more are on the Check screen.</p>` : html``}`;
}
