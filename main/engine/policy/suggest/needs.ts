import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { LEFT_OUT } from '../../../../shared/domain/suggestion.ts';
import { formatAddress } from '../../../../shared/net/address.ts';
import { serviceText } from '../../../../shared/net/service.ts';
import { isGroupAddress } from '../../discover/vantage.ts';
import { addressAt, type FlowKeys } from '../decisions/flow-keys.ts';
import { ANSWERS } from '../decisions/unanswered.ts';
import type { Parties, Party } from './parties.ts';

/** The policy of shared services. */
export const SHARED_POLICY = 'Shared services';

/** The policy of VIPs whose application nobody knows. */
const OTHER_POLICY = 'Other VIPs';

/** A service that one party was seen to use at another. */
export interface Need {
  readonly policy: string;
  readonly source: Party;
  readonly destination: Party;
  /** As `TCP/443`. */
  readonly service: string;
  readonly sources: Set<string>;
  readonly destinations: Set<string>;
  /** Groups of shared servers that are workloads themselves, as rules must be on their vNICs too. */
  readonly enforcedBy: Set<string>;
  /** A workload of no group is at one end: only a rule for the whole DFW is on its vNIC. */
  isWide: boolean;
  /** Numbers of the flows. */
  readonly flows: number[];
}

/** Who has no workload or VIP to show: such sources are believed only where more than half of their sessions were answered. */
const VISITORS: ReadonlySet<Party['kind']> = new Set(['stranger', 'shared']);

/** Why each flow that is no need was left out. */
export type LeftOut = Map<(typeof LEFT_OUT)[number], number[]>;

interface Ends {
  readonly source: string;
  readonly destination: string;
}

function isNobody(address: string, parties: Parties): boolean {
  if (isGroupAddress(address)) return true;
  return /^\d+\.\d+\.\d+\.255$/.test(address) && !parties.isWorkload(address);
}

/** The policies of the given names in the order they stand, or will stand, in the ruleset. */
export type PolicyOrder = (policy: string) => number;

function policyOf(source: Party, destination: Party, order: PolicyOrder): string | null {
  if (source.kind === 'shared' || destination.kind === 'shared') return SHARED_POLICY;
  const names = [source.application, destination.application].filter((name) => name !== null);
  // the closing deny of the policy that stands first would block what only the second one allows
  const [first] = names.sort((a, b) => order(a) - order(b));
  if (first !== undefined) return first;
  return destination.kind === 'vip' ? OTHER_POLICY : null;
}

/** Flows, 1 for each of which some session got through, and how their sessions were answered. */
export interface LoggedFlows extends FlowKeys {
  readonly passed: Uint8Array;
  /** One of `ANSWERS` for each flow. */
  readonly answers: Uint8Array;
}

/** Finds what was needed in the flows, and why other flows are left out. */
export class NeedFinder {
  readonly leftOut: LeftOut = new Map();
  readonly #flows: LoggedFlows;
  readonly #parties: Parties;
  readonly #spurious: ReadonlySet<string>;
  readonly #texts: readonly string[];
  #usual: ReadonlySet<string> = new Set();

  constructor(flows: LoggedFlows, parties: Parties, inventory: Inventory) {
    this.#flows = flows;
    this.#parties = parties;
    this.#spurious = new Set(inventory.spurious.map(({ address }) => address));
    this.#texts = Array.from(flows.codes, (_, at) => formatAddress(addressAt(flows, at)));
  }

  /** The addresses of a flow. */
  ends(flow: number): Ends {
    const { source, destination } = this.#flows;
    return {
      source: this.#texts[source[flow] ?? 0] ?? '',
      destination: this.#texts[destination[flow] ?? 0] ?? '',
    };
  }

  #door(flow: number): string {
    return `${this.#flows.destination[flow]} ${this.#flows.service[flow]}`;
  }

  #leave(reason: (typeof LEFT_OUT)[number], flow: number): null {
    const flows = this.leftOut.get(reason) ?? [];
    flows.push(flow);
    this.leftOut.set(reason, flows);
    return null;
  }

  /** A spurious workload may serve a purpose besides: what others use as well is left to it. */
  #isSpurious(flow: number, source: string): boolean {
    if (!this.#spurious.has(source)) return false;
    return this.#parties.of(source).kind !== 'group' || !this.#usual.has(this.#door(flow));
  }

  #serves(flow: number): (Ends & { readonly from: Party; readonly to: Party }) | null {
    const ends = this.ends(flow);
    if (this.#isSpurious(flow, ends.source)) return this.#leave('spurious', flow);
    if (this.#flows.passed[flow] !== 1) return this.#leave('blocked', flow);
    if (isNobody(ends.destination, this.#parties)) return this.#leave('no-workload', flow);
    const from = this.#parties.of(ends.source);
    const answer = this.#flows.answers[flow] ?? ANSWERS.asUsual;
    const isTrusted = !VISITORS.has(from.kind) && answer === ANSWERS.mostlyNot;
    if (answer !== ANSWERS.asUsual && !isTrusted) return this.#leave('unanswered', flow);
    return { ...ends, from, to: this.#parties.of(ends.destination) };
  }

  #isEnforced({ source, destination }: Ends): boolean {
    return this.#parties.isWorkload(source) || this.#parties.isWorkload(destination);
  }

  /** All needs, in the order of their first flow. */
  find(order: PolicyOrder): readonly Need[] {
    const { count, services, service: serviceAt, passed } = this.#flows;
    const usual = new Set<string>();
    for (let flow = 0; flow < count; flow++) {
      const isUsual = passed[flow] === 1 && !this.#spurious.has(this.ends(flow).source);
      if (isUsual) usual.add(this.#door(flow));
    }
    this.#usual = usual;
    const needs = new Map<string, Need>();
    for (let flow = 0; flow < count; flow++) {
      const served = this.#serves(flow);
      if (served === null) continue;
      const { source, destination, from, to } = served;
      const policy = this.#isEnforced(served) ? policyOf(from, to, order) : null;
      if (policy === null) {
        this.#leave('no-group', flow);
        continue;
      }
      const seen = services[serviceAt[flow] ?? 0];
      const service = serviceText(seen?.protocol ?? 0, seen?.port ?? 0);
      const key = JSON.stringify([policy, from.key, to.key, service]);
      const need = needs.get(key) ?? {
        policy,
        source: from,
        destination: to,
        service,
        sources: new Set(),
        destinations: new Set(),
        enforcedBy: new Set(),
        isWide: false,
        flows: [],
      };
      needs.set(key, need);
      need.sources.add(source);
      need.destinations.add(destination);
      for (const { enforcedBy } of [from, to])
        if (enforcedBy !== null) need.enforcedBy.add(enforcedBy);
      need.isWide ||= this.#parties.isUngrouped(source) || this.#parties.isUngrouped(destination);
      need.flows.push(flow);
    }
    return [...needs.values()];
  }
}

/** Whether a need is one of the asked applications: by the application's name, or a group's. */
export function isAsked(need: Need, applications: readonly string[] | null): boolean {
  if (applications === null) return true;
  return [need.source, need.destination].some(
    ({ application, label }) =>
      applications.includes(label) || (application !== null && applications.includes(application)),
  );
}
