import type { Inventory } from '../../../../shared/domain/inventory.ts';
import { formatAddress, parseAddress } from '../../../../shared/net/address.ts';
import { protocolName } from '../../../../shared/net/service.ts';
import type { ReportFacts } from './facts.ts';
import { html, type Html } from './html.ts';
import { count, lines, percent, table } from './table.ts';

/** Members of a group that are listed. */
const MEMBERS = 60;

/** A time without its fractions: `2026-03-03 11:27:20`. */
function timeText(time: string | null): string {
  return time === null ? '' : time.replace('T', ' ').replace(/\.\d+Z$|Z$/, '');
}

/** What was loaded, with what tells its contents apart. */
export function sourcePart({ sources, contents }: ReportFacts): Html {
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
  return table(
    [
      { title: 'Source and its content hash' },
      { title: 'Host' },
      { title: 'First and last event (UTC)' },
      ...['Lines', 'Events', 'Rejects', 'Other'].map((title) => ({ title, isNumber: true })),
      { title: 'Remark' },
    ],
    rows,
  );
}

function memberText(members: readonly string[]): string {
  const shown = members.slice(0, MEMBERS).map((text) => {
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
  return table(
    [
      { title: 'Group' },
      { title: 'Application, tier' },
      { title: 'Members', isNumber: true },
      { title: 'Addresses' },
      { title: 'Groups inside' },
      { title: 'Confidence', isNumber: true },
    ],
    rows,
  );
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
  const titles = ['Address', 'Ports and pools', 'Group', "Balancer's own addresses"];
  return html`<h3>Virtual addresses of load balancers</h3>
    ${table(
      titles.map((title) => ({ title })),
      rows,
    )}`;
}

/** Groups and virtual addresses. */
export function inventoryPart(inventory: Inventory): Html {
  const groups =
    inventory.groups.length === 0
      ? html`<p class="muted">No group was found.</p>`
      : groupTable(inventory);
  return html`<h2>Inventory</h2>
    ${groups} ${vipTable(inventory)}`;
}

/** Addresses whose sessions serve nothing. */
export function spuriousPart({ spurious }: Inventory): Html {
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
    ${table(
      [
        { title: 'Address' },
        { title: 'Kind' },
        ...['Events', 'Targets', 'Services asked for'].map((title) => ({ title, isNumber: true })),
      ],
      rows,
    )}`;
}
