import type { Application, Group, Inventory, Vip } from '../../shared/domain/inventory.ts';
import type { WorldTruth } from './truth.ts';

/** A finding, how sure it was, and whether it is right. */
export interface Judged {
  readonly kind: 'group' | 'role' | 'vip' | 'application' | 'shared' | 'spurious';
  readonly id: string;
  readonly confidence: number;
  readonly isRight: boolean;
}

/** How findings of about one confidence turned out. */
export interface Bucket {
  /** Lowest confidence of the bucket. */
  readonly from: number;
  readonly count: number;
  /** Share that is right; `NaN` where there are none. */
  readonly right: number;
  /** Mean confidence; `NaN` where there are none. */
  readonly said: number;
}

function isSubset(inner: Iterable<string>, outer: ReadonlySet<string>): boolean {
  for (const item of inner) if (!outer.has(item)) return false;
  return true;
}

/** A tagged group is right with all members its lines prove and none it has not. */
function isRightTag(group: Group, truth: WorldTruth): boolean {
  const real = truth.groups.find(({ name }) => name === group.name);
  if (real === undefined) return false;
  return (
    isSubset(group.members, new Set(real.members)) && isSubset(real.proven, new Set(group.members))
  );
}

/** A role is right when its members share one, and four in five of those that do are in it. */
function isRightRole(group: Group, truth: WorldTruth): boolean {
  const held = new Set(group.members);
  const own = truth.workloads.filter(({ address }) => held.has(address));
  const roles = new Set(own.map(({ role }) => role));
  const [role] = roles;
  if (roles.size !== 1 || own.length < held.size) return false;
  const all = truth.workloads.filter(
    (workload) => workload.role === role && workload.lines > 0 && !workload.isSecond,
  );
  return all.filter(({ address }) => held.has(address)).length >= 0.8 * all.length;
}

/** A VIP is right with nothing behind it that is not, on no port it does not have. */
function isRightVip(vip: Vip, truth: WorldTruth): boolean {
  const real = truth.vips.find(({ address }) => address === vip.address);
  if (real === undefined || !isSubset(vip.snat, new Set(real.snat))) return false;
  return vip.ports.every((port) => {
    const own = real.ports.find((each) => each.port === port.port);
    if (own === undefined || !isSubset(port.pool, new Set(own.pool))) return false;
    return port.pool.length === 0 || own.poolPort === port.poolPort;
  });
}

/** An application is right when the roles of its members are those of one, seen whole. */
function isRightApplication(
  application: Application,
  truth: WorldTruth,
  groups: ReadonlyMap<string, Group>,
): boolean {
  const held = new Set(application.groups.flatMap((name) => groups.get(name)?.members ?? []));
  const roles = new Set(
    truth.workloads.filter(({ address }) => held.has(address)).map(({ role }) => role),
  );
  const isTagged = truth.options.tagging !== 'none';
  const seen = new Set(
    truth.workloads
      .filter(({ lines, group }) => lines > 0 && (!isTagged || group !== null))
      .map(({ role }) => role),
  );
  return truth.applications.some((real) => {
    const own = new Set(real.roles);
    return (
      isSubset(
        [...roles].filter((role) => role !== 'common.db'),
        own,
      ) &&
      isSubset(
        real.roles.filter((role) => seen.has(role)),
        roles,
      )
    );
  });
}

/** Says of every finding of an inventory whether it is right. */
export function judgeFindings(truth: WorldTruth, inventory: Inventory): readonly Judged[] {
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const shared = new Set([
    ...truth.shared.map(({ address }) => address),
    ...truth.balancers.map(({ self }) => self),
  ]);
  const spurious = new Set(truth.spurious.map(({ address }) => address));
  const judge = (
    kind: Judged['kind'],
    { id, confidence }: { readonly id: string; readonly confidence: number },
    isRight: boolean,
  ): Judged => ({ kind, id, confidence, isRight });
  return [
    ...inventory.groups
      .filter(({ basis, children }) => basis === 'tag' || children.length === 0)
      .map((group) =>
        group.basis === 'tag'
          ? judge('group', group, isRightTag(group, truth))
          : judge('role', group, isRightRole(group, truth)),
      ),
    ...inventory.vips.map((vip) => judge('vip', vip, isRightVip(vip, truth))),
    ...inventory.applications.map((application) =>
      judge('application', application, isRightApplication(application, truth, groups)),
    ),
    ...inventory.sharedServices.map((each) => judge('shared', each, shared.has(each.address))),
    ...inventory.spurious.map((each) => judge('spurious', each, spurious.has(each.address))),
  ];
}

const FROM: readonly number[] = [0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];

/** Sorts findings by how sure they were. */
export function calibrate(findings: readonly Judged[]): readonly Bucket[] {
  return FROM.map((from, i) => {
    const to = FROM[i + 1] ?? Infinity;
    const own = findings.filter(({ confidence }) => confidence >= from && confidence < to);
    return {
      from,
      count: own.length,
      right: own.filter(({ isRight }) => isRight).length / own.length,
      said: own.reduce((sum, { confidence }) => sum + confidence, 0) / own.length,
    };
  });
}

/** The mean distance between what findings said and how they turned out, over the buckets and by their size. */
export function calibrationError(findings: readonly Judged[]): number {
  const filled = calibrate(findings).filter(({ count }) => count > 0);
  const sum = filled.reduce(
    (total, { count, right, said }) => total + count * Math.abs(right - said),
    0,
  );
  return findings.length === 0 ? 0 : sum / findings.length;
}
