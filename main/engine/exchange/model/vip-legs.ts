import type { Inventory, Vip, VipPort } from '../../../../shared/domain/inventory.ts';
import { parseAddress, parseAddressRange, rangeHas } from '../../../../shared/net/address.ts';
import { serviceHas, serviceText } from '../../../../shared/net/service.ts';
import type { ExportModel, ModelGroup, ModelRule } from './export-model.ts';
import { quote, type ExportReport } from './report.ts';

type Has = (groups: readonly ModelGroup[], address: string) => boolean;

function lookup(model: ExportModel): Has {
  const known = new Map<ModelGroup, ReadonlySet<string>>();
  const plain = (group: ModelGroup): ReadonlySet<string> => {
    const found = known.get(group) ?? model.membership.addresses(group.name);
    known.set(group, found);
    return found;
  };
  return (groups, address) =>
    groups.length === 0 ||
    groups.some((group) => {
      if (group.kind === 'group' && plain(group).has(address)) return true;
      const parsed = parseAddress(address);
      return [...group.addresses[4], ...group.addresses[6]].some((text) => {
        const range = parseAddressRange(text);
        return range !== undefined && parsed !== undefined && rangeHas(range, parsed);
      });
    });
}

function allowsLeg(rule: ModelRule, vip: Vip, port: VipPort, has: Has): boolean {
  if (rule.rule.disabled || rule.rule.action !== 'ALLOW') return false;
  const isService =
    rule.services.length === 0 ||
    rule.services.some((service) => serviceHas(service, port.protocol, port.poolPort));
  return (
    isService &&
    port.pool.every((member) => has(rule.destinations, member)) &&
    vip.snat.every((address) => has(rule.sources, address))
  );
}

/**
 * Warns of rules that open a VIP while no rule lets the balancer through to the pool: the client's vNIC
 * sees the VIP, the member's vNIC sees the balancer, and both need a rule.
 */
export function warnAboutVips(
  model: ExportModel,
  inventory: Inventory,
  report: ExportReport,
): void {
  if (inventory.vips.length === 0) return;
  const has = lookup(model);
  const rules = model.policies.flatMap((policy) => policy.rules);
  for (const each of rules) {
    const { rule, destinations, services } = each;
    if (rule.disabled || rule.action !== 'ALLOW' || destinations.length === 0) continue;
    const named = inventory.vips.filter(({ address }) => has(destinations, address));
    for (const vip of named) {
      const ports = vip.ports.filter(
        ({ protocol, port }) =>
          services.length === 0 || services.some((service) => serviceHas(service, protocol, port)),
      );
      const closed = ports.find((port) => !rules.some((other) => allowsLeg(other, vip, port, has)));
      if (closed === undefined) continue;
      const from = vip.snat.length === 0 ? 'the client' : vip.snat.join(', ');
      const to = vip.group === null ? 'the pool' : quote(vip.group);
      const service = serviceText(closed.protocol, closed.poolPort);
      report.warnOf(
        rule,
        'destinations',
        `Rule ${quote(rule.name)} opens the VIP ${vip.address}, but no rule allows the second leg: the members of ${to} see ${from} on ${service}.`,
      );
    }
  }
}
