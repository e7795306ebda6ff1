import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Measure } from './measure.ts';
import { compare } from './measure.ts';
import type { WorldTruth, WorldVip } from './truth.ts';

/** A thing must leave as many sessions in the lines before it has to be found. */
export const ENOUGH = 3;

/** Whether the lines left prove a VIP. */
export function isProvenVip({ sessions, ports }: WorldVip): boolean {
  const stitched = ports.flatMap((port) => Object.values(port.stitched));
  return sessions >= ENOUGH && stitched.reduce((sum, count) => sum + count, 0) >= ENOUGH;
}

/** Measures VIPs by address, SNAT addresses by VIP, and pools by VIP, port, member and the member's port. */
export function balancing(
  truth: WorldTruth,
  inventory: Inventory,
): Readonly<Record<'vips' | 'snat' | 'pools', Measure>> {
  const known = truth.vips.filter(isProvenVip);
  const snat = (vips: readonly WorldVip[], least: number) =>
    vips.flatMap(({ address, snatStitched }) =>
      Object.entries(snatStitched)
        .filter(([, sessions]) => sessions >= least)
        .map(([from]) => `${address} ${from}`),
    );
  const pools = (vips: readonly WorldVip[], least: number) =>
    vips.flatMap(({ address, ports }) =>
      ports.flatMap(({ port, poolPort, stitched }) =>
        Object.entries(stitched)
          .filter(([, sessions]) => sessions >= least)
          .map(([member]) => `${address}:${port} ${member}:${poolPort}`),
      ),
    );
  return {
    vips: compare(
      inventory.vips.map(({ address }) => address),
      new Set(known.map(({ address }) => address)),
      new Set(truth.vips.map(({ address }) => address)),
    ),
    snat: compare(
      inventory.vips.flatMap((vip) => vip.snat.map((from) => `${vip.address} ${from}`)),
      new Set(snat(known, ENOUGH)),
      new Set(snat(truth.vips, 0)),
    ),
    pools: compare(
      inventory.vips.flatMap((vip) =>
        vip.ports.flatMap(({ port, pool, poolPort }) =>
          pool.map((member) => `${vip.address}:${port} ${member}:${poolPort}`),
        ),
      ),
      new Set(pools(known, ENOUGH)),
      new Set(pools(truth.vips, 0)),
    ),
  };
}
