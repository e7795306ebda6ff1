import type { Application, Inventory } from '../../../../shared/domain/inventory.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { Coverage } from '../../../../shared/domain/finding.ts';
import type { Decided } from '../decisions/decided.ts';
import { addressAt } from '../decisions/flow-keys.ts';
import { isCovered } from '../decisions/views.ts';
import { NeedFinder } from '../suggest/needs.ts';
import { Parties } from '../suggest/parties.ts';

/**
 * 1 for each flow that a rule ought to permit: it passed when it was logged, serves an application or
 * a shared service, and is not of a spurious source. Suggestions are made for the same flows.
 */
export function neededFlows({ flows, weights }: Decided, inventory: Inventory): Uint8Array {
  const passed = Uint8Array.from(weights.passed, (lines) => (lines > 0 ? 1 : 0));
  const finder = new NeedFinder({ ...flows, passed }, new Parties(inventory), inventory);
  const needed = new Uint8Array(flows.count);
  for (const need of finder.find(() => 0)) for (const flow of need.flows) needed[flow] = 1;
  return needed;
}

interface Sums {
  readonly total: { flows: number; events: number };
  readonly covered: { flows: number; events: number };
}

const nothing = (): Sums => ({
  total: { flows: 0, events: 0 },
  covered: { flows: 0, events: 0 },
});

/** Coverage of the flows that are chosen: of all of them, and of those that are needed. */
export function coverageOf(
  decided: Decided,
  needed: Uint8Array,
  isChosen: (flow: number) => boolean = () => true,
): Coverage {
  const { flows, weights, combinations } = decided;
  const [all, wanted] = [nothing(), nothing()];
  for (let flow = 0; flow < flows.count; flow++) {
    if (!isChosen(flow)) continue;
    const events = (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0);
    const isIn = isCovered(decided, combinations.ofFlow[flow] ?? 0);
    for (const { total, covered } of needed[flow] === 1 ? [all, wanted] : [all])
      for (const sum of isIn ? [total, covered] : [total]) {
        sum.flows++;
        sum.events += events;
      }
  }
  return { ...all, needed: wanted };
}

/** Whether a flow has an end in an application's groups or VIPs. */
export function isOfApplication(
  { groups, vips }: Application,
  { flows }: Decided,
  inventory: Inventory,
): (flow: number) => boolean {
  const members = inventory.groups.filter((group) => groups.includes(group.name));
  const own = AddressSet.read([...vips, ...members.flatMap((group) => group.members)]).set;
  const isOwn = Uint8Array.from(flows.codes, (_, at) => (own.has(addressAt(flows, at)) ? 1 : 0));
  return (flow) =>
    isOwn[flows.source[flow] ?? 0] === 1 || isOwn[flows.destination[flow] ?? 0] === 1;
}

/** Coverage of the flows with an end in an application's groups or VIPs. */
export function coverageOfApplication(
  application: Application,
  decided: Decided,
  inventory: Inventory,
  needed: Uint8Array,
): Coverage {
  return coverageOf(decided, needed, isOfApplication(application, decided, inventory));
}

/** Which of the needed flows lines are asked for. */
export interface NeededQuestion {
  /** Whether those that explicit allow rules permit, or the others. */
  readonly isCovered: boolean;
  /** Name of the application they must have an end in. */
  readonly application?: string;
}

/** Whether a flow is one of the needed flows that are asked for; an unknown application has none. */
export function isNeeded(
  { isCovered: wanted, application: name }: NeededQuestion,
  decided: Decided,
  inventory: Inventory,
): (flow: number) => boolean {
  const needed = neededFlows(decided, inventory);
  const application = inventory.applications.find((each) => each.name === name);
  const isOwn =
    name === undefined
      ? () => true
      : application === undefined
        ? () => false
        : isOfApplication(application, decided, inventory);
  return (flow) =>
    needed[flow] === 1 &&
    isCovered(decided, decided.combinations.ofFlow[flow] ?? 0) === wanted &&
    isOwn(flow);
}
