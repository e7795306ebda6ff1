import type { ExplainedEnd, ExplainedFlow } from '../../../../shared/domain/decision.ts';
import type { TimeWindow } from '../../../../shared/domain/filter.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { Ruleset } from '../../../../shared/domain/ruleset.ts';
import { bug, Cancelled, Failure } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { parseAddress, type Address } from '../../../../shared/net/address.ts';
import { hasPorts, parseService } from '../../../../shared/net/service.ts';
import { RulesetCompiler, type CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { decide, type EndDecision } from '../../../../shared/policy/decide.ts';
import {
  resolverOf,
  type GroupOfRuleset,
  type MemberResolver,
} from '../../../../shared/policy/members.ts';
import type { ServiceSeenOnce } from '../../../../shared/policy/service-set.ts';
import type { Leg } from '../../query/conditions.ts';
import { readMapEnds, type MapEnds } from '../../query/map-ends.ts';
import { FlowDecider, type Decided } from './decided.ts';
import { readFlowColumns, type FlowSource } from './flow-columns.ts';

/** What decisions are made from; asked anew each time, so that it may change. */
export interface DeskParts {
  readonly flows: () => FlowSource;
  /** A new object whenever flows or groups have changed. */
  readonly inventory: () => Inventory;
  /** Balancers' legs that the map draws from their VIP. */
  readonly legs: () => readonly Leg[];
}

interface Resolved {
  readonly inventory: Inventory;
  readonly brought: readonly GroupOfRuleset[];
  readonly resolver: MemberResolver;
  readonly compiler: RulesetCompiler;
}

interface Loaded {
  readonly inventory: Inventory;
  readonly key: string;
  readonly decider: Promise<FlowDecider>;
}

/** A ruleset, and the groups it brought along; the same array while they are the same. */
export interface RulesetWithGroups {
  readonly ruleset: Ruleset;
  readonly groups: readonly GroupOfRuleset[];
}

/** How many sets of groups are kept: the draft's, and those of rulesets it is compared with. */
const MAX_RESOLVED = 3;

/** How many sets of flows are kept: the whole archive, and the last time window. */
const MAX_LOADED = 2;

/**
 * Decides the flows of a project by any ruleset. It keeps the distinct flows, the members of groups
 * and the classes of both, so that the next ruleset, which differs little, is decided at once.
 */
export class DecisionDesk {
  readonly #parts: DeskParts;
  #resolved: readonly Resolved[] = [];
  #loaded: readonly Loaded[] = [];
  #ends: { readonly inventory: Inventory; readonly of: MapEnds } | undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The members of the groups as they are known now, and of those a ruleset brought along. */
  resolver(brought: readonly GroupOfRuleset[]): MemberResolver {
    return this.#resolve(brought).resolver;
  }

  /** The ruleset with its names resolved by the groups as they are known now, and by its own. */
  compile({ ruleset, groups }: RulesetWithGroups): CompiledRuleset {
    return this.#resolve(groups).compiler.compile(ruleset);
  }

  /**
   * All flows of the archive, or of a time window, decided by a ruleset.
   *
   * @throws Cancelled
   */
  async decideAll(
    ruleset: RulesetWithGroups,
    window: TimeWindow | null,
    signal: CancelSignal,
  ): Promise<Decided> {
    const [decided] = await this.decideEach([ruleset], window, signal);
    return decided ?? bug('a ruleset without its decisions');
  }

  /**
   * The very same flows, at the same places, decided by each of some rulesets.
   *
   * @throws Cancelled
   */
  async decideEach(
    rulesets: readonly RulesetWithGroups[],
    window: TimeWindow | null,
    signal: CancelSignal,
  ): Promise<readonly Decided[]> {
    const compiled = rulesets.map((each) => this.compile(each));
    const edges = compiled.flatMap(({ rules }) =>
      rules.flatMap(({ services }) => services.sourcePortEdges),
    );
    const decider = await this.#decider(
      window,
      [...new Set(edges)].sort((a, b) => a - b),
      signal,
    );
    if (signal.aborted) throw new Cancelled();
    return compiled.map((each) => decider.decide(each));
  }

  /**
   * What a ruleset would do with a flow that need not have been seen.
   *
   * @param question two addresses, and a service such as `TCP/443` or `ICMP/8`
   * @throws Failure `name-unknown` where an address cannot be read, `bad-arguments` where the service
   * cannot or is more than one
   */
  explain(
    ruleset: RulesetWithGroups,
    question: { readonly source: string; readonly destination: string; readonly service: string },
  ): ExplainedFlow {
    const flow = {
      ...readOneService(question.service),
      source: readOneAddress(question.source),
      destination: readOneAddress(question.destination),
    };
    const { source, destination, isAllowed } = decide(this.compile(ruleset), flow);
    return { source: explained(source), destination: explained(destination), isAllowed };
  }

  /** Between which nodes of the map flows are drawn. */
  async mapEnds(signal: CancelSignal): Promise<MapEnds> {
    const inventory = this.#parts.inventory();
    if (this.#ends?.inventory !== inventory) {
      const { database } = this.#parts.flows();
      this.#ends = { inventory, of: await readMapEnds(database, this.#parts.legs(), signal) };
    }
    return this.#ends.of;
  }

  #resolve(brought: readonly GroupOfRuleset[]): Resolved {
    const inventory = this.#parts.inventory();
    const present = this.#resolved.filter((each) => each.inventory === inventory);
    const known = present.find((each) => each.brought === brought);
    if (known !== undefined) return known;
    const resolver = resolverOf(inventory, brought);
    const compiler = new RulesetCompiler(resolver);
    const resolved = { inventory, brought, resolver, compiler };
    this.#resolved = [resolved, ...present].slice(0, MAX_RESOLVED);
    return resolved;
  }

  /** Flows are read once; who comes while they are read waits, and reads where the first gave up. */
  async #decider(
    window: TimeWindow | null,
    sourcePortEdges: readonly number[],
    signal: CancelSignal,
  ): Promise<FlowDecider> {
    const inventory = this.#parts.inventory();
    const key = JSON.stringify([window, sourcePortEdges]);
    const isIt = (each: Loaded) => each.key === key && each.inventory === inventory;
    for (;;) {
      const known = this.#loaded.find(isIt);
      if (known === undefined) break;
      try {
        return await known.decider;
      } catch (thrown) {
        if (!(thrown instanceof Cancelled) || signal.aborted) throw thrown;
        this.#forget(known);
      }
    }
    const options = { window, sourcePortEdges };
    const decider = readFlowColumns(this.#parts.flows(), options, signal).then(
      (flows) => new FlowDecider(flows),
    );
    const loaded = { inventory, key, decider };
    const others = this.#loaded.filter((each) => each.inventory === inventory);
    this.#loaded = [loaded, ...others].slice(0, MAX_LOADED);
    try {
      return await decider;
    } catch (thrown) {
      this.#forget(loaded);
      throw thrown;
    }
  }

  #forget(loaded: Loaded): void {
    this.#loaded = this.#loaded.filter((each) => each !== loaded);
  }
}

function explained({ isEnforced, rule, action, later }: EndDecision): ExplainedEnd {
  return {
    isEnforced,
    rule: isEnforced ? (rule?.rule.id ?? 'default') : null,
    action,
    later: later.map((each) => each.rule.id),
  };
}

function readOneAddress(text: string): Address {
  const address = parseAddress(text.trim());
  if (address === undefined) throw new Failure('name-unknown', { name: text });
  return address;
}

function readOneService(text: string): ServiceSeenOnce {
  const refuse = (problem: string): never => {
    throw new Failure('bad-arguments', { call: 'decision.explain', problem });
  };
  const service = parseService(text.trim());
  if (service === undefined)
    return refuse(`"${text}" is no service; write one such as TCP/443, UDP/53 or ICMP/8`);
  const { protocol, ports, sources, icmp } = service;
  const [type, ...moreTypes] = icmp ?? [];
  const isOne = [ports, sources ?? []].every(
    (list) => list.length <= 1 && list.every(({ first, last }) => first === last),
  );
  const isWhole = hasPorts(protocol) && ports.length === 0;
  if (!isOne || isWhole || moreTypes.length > 0)
    return refuse(`"${text}" is more than one service; a flow has one, such as TCP/443`);
  return {
    protocol,
    port: ports[0]?.first ?? 0,
    sourcePort: sources?.[0]?.first ?? null,
    icmp: type === undefined ? null : type.type * 256 + (type.code ?? 0),
  };
}
