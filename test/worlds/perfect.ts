import {
  EMPTY_INVENTORY,
  type Application,
  type Finding,
  type Group,
  type Inventory,
  type SharedService,
  type SpuriousSource,
  type Tier,
  type Vip,
} from '../../shared/domain/inventory.ts';
import { ENOUGH, isProvenVip } from './score-balancers.ts';
import type { WorldTruth } from './truth.ts';

function finding(id: string): Finding {
  return { id, confidence: 1, standing: 'inferred', proofs: [] };
}

function tagged(truth: WorldTruth): readonly Group[] {
  return truth.groups
    .filter(({ proven }) => proven.length > 0)
    .map((group) => ({
      ...finding(`group:${group.name}`),
      name: group.name,
      basis: 'tag',
      members: group.proven,
      parents: group.parents,
      children: group.children,
      tier: group.tier,
      application: group.application,
      events: 0,
    }));
}

function byRole(truth: WorldTruth): readonly Group[] {
  const seen = truth.workloads.filter(({ lines }) => lines > 0);
  return [...new Set(seen.map(({ role }) => role))].map((role) => ({
    ...finding(`group:${role}`),
    name: role,
    basis: 'role',
    members: seen.filter((workload) => workload.role === role).map(({ address }) => address),
    parents: [],
    children: [],
    tier: role.split('.')[1] ?? null,
    application: truth.applications.find(({ roles }) => roles.includes(role))?.name ?? null,
    events: 0,
  }));
}

/** Roles in an order that no edge runs against. */
function ordered(roles: readonly string[], truth: WorldTruth): readonly string[] {
  const left = new Set(roles);
  const done: string[] = [];
  while (left.size > 0) {
    const next = [...left].find((role) =>
      truth.edges.every(({ fromRole, toRole }) => toRole !== role || !left.has(fromRole)),
    );
    if (next === undefined) throw new Error('Sessions run in a circle.');
    left.delete(next);
    done.push(next);
  }
  return done;
}

function applications(truth: WorldTruth, groups: readonly Group[]): readonly Application[] {
  const names = new Set(groups.map(({ name }) => name));
  const roleOf = new Map(truth.workloads.map(({ group, role }) => [group ?? role, role]));
  return truth.applications.flatMap(({ name, roles, groups: own, stem }) => {
    const isTagged = truth.options.tagging !== 'none';
    const held = (isTagged ? own : roles).filter((group) => names.has(group));
    if (held.length === 0) return [];
    const tiers = ordered(roles, truth).map((role): Tier => ({
      name: role,
      groups: held.filter((group) => (isTagged ? roleOf.get(group) : group) === role),
    }));
    const vips = truth.vips.filter(({ role }) => roles.includes(role));
    return {
      ...finding(`application:${name}`),
      name: stem?.toUpperCase() ?? name,
      tiers: tiers.filter((tier) => tier.groups.length > 0),
      groups: held,
      vips: vips.map(({ address }) => address),
    };
  });
}

function vips(truth: WorldTruth): readonly Vip[] {
  return truth.vips.filter(isProvenVip).map((vip) => ({
    ...finding(`vip:${vip.address}`),
    address: vip.address,
    ports: vip.ports.map(({ protocol, port, poolPort, stitched }) => ({
      protocol,
      port,
      poolPort,
      pool: Object.keys(stitched).filter((member) => (stitched[member] ?? 0) >= ENOUGH),
    })),
    snat: Object.keys(vip.snatStitched).filter(
      (address) => (vip.snatStitched[address] ?? 0) >= ENOUGH,
    ),
    mode: vip.mode === 'snat' ? 'one-arm' : 'inline',
    group: vip.groups[0] ?? null,
    groups: vip.groups,
    application: null,
  }));
}

function shared(truth: WorldTruth): readonly SharedService[] {
  return truth.shared
    .filter(({ sessions, usedBy }) => sessions >= ENOUGH && usedBy.length > 1)
    .map(({ address, name, way, services, polls, usedBy }) => ({
      ...finding(`shared:${address}`),
      address,
      name,
      services: way === 'polls' ? polls : services,
      usedBy,
      isServer: way !== 'polls',
    }));
}

function spurious(truth: WorldTruth): readonly SpuriousSource[] {
  return truth.spurious
    .filter(({ kind }) => kind !== 'wrong-address')
    .map(({ address, attempts, targets, ports }) => ({
      ...finding(`spurious:${address}`),
      address,
      kind: 'scan',
      events: attempts,
      targets,
      ports,
      answered: 0,
    }));
}

/** What a discovery that misses nothing and invents nothing would find in a world's lines. */
export function perfectInventory(truth: WorldTruth): Inventory {
  const groups = truth.options.tagging === 'none' ? byRole(truth) : tagged(truth);
  return {
    ...EMPTY_INVENTORY,
    groups,
    vips: vips(truth),
    applications: applications(truth, groups),
    sharedServices: shared(truth),
    spurious: spurious(truth),
    catchAllTags: truth.catchAllTags,
    workloads: truth.workloads.filter(({ lines }) => lines > 0).length,
  };
}
