import type { Tally } from '../../../../shared/domain/decision.ts';
import type { FilterTerm } from '../../../../shared/domain/filter.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { RuleDraft, RuleObject, Ruleset } from '../../../../shared/domain/ruleset.ts';
import { applyChange, isClosing, rulesOf } from '../../../../shared/domain/ruleset-change.ts';
import type {
  Suggestion,
  SuggestionList,
  SuggestionPoint,
} from '../../../../shared/domain/suggestion.ts';
import type { CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { FlowClasses } from '../decisions/flow-classes.ts';
import { BY_DEFAULT, decideCombinations, NOT_ENFORCED } from '../decisions/rule-masks.ts';
import { coverNeeds } from './cover.ts';
import { isAsked, NeedFinder, SHARED_POLICY, type Need } from './needs.ts';
import { applicationOf, Parties } from './parties.ts';
import { suggestionKey } from './rejections.ts';
import type { SeenFlows } from './seen-flows.ts';
import { RuleWriter } from './write-rules.ts';

/** What is asked for. */
export interface SuggestionQuestion {
  /** Names of applications, or of their outermost groups; `null` for all. */
  readonly applications: readonly string[] | null;
  /** Place in `SUGGESTION_LEVELS`. */
  readonly level: number;
  /** Whether the closing denies are to be in force. */
  readonly isClosed: boolean;
}

/** What suggestions are made from. */
export interface SuggestionParts {
  readonly flows: SeenFlows;
  readonly inventory: Inventory;
  readonly ruleset: Ruleset;
  readonly compile: (ruleset: Ruleset) => CompiledRuleset;
}

/** Rules for single flows are suggested up to this many. */
const MAX_SINGLE = 2_000;

/** The share of the time that rules are fitted on, for the hold-out loss. */
const FITTED = 0.8;

/** A rule, and the needs and flows it is for. */
interface Planned {
  readonly policy: string;
  readonly rule: RuleDraft;
  readonly isClosing: boolean;
  readonly flows: readonly number[];
}

/** Makes suggestions for one state of the project. */
export class Suggester {
  readonly #parts: SuggestionParts;
  readonly #parties: Parties;
  readonly #finder: NeedFinder;
  readonly #classes: FlowClasses;
  readonly #knocked: ReadonlySet<string>;
  readonly #before: Uint8Array;
  readonly #needs: readonly Need[];
  readonly #points = new Map<string, SuggestionPoint>();

  constructor(parts: SuggestionParts, question: SuggestionQuestion) {
    this.#parts = parts;
    const { flows, inventory, ruleset } = parts;
    this.#parties = new Parties(inventory);
    this.#finder = new NeedFinder(flows, this.#parties, inventory);
    this.#classes = new FlowClasses(flows);
    const spurious = new Set(inventory.spurious.map(({ address }) => address));
    const knocked = new Set<string>();
    for (let flow = 0; flow < flows.count; flow++) {
      const { source, destination } = this.#finder.ends(flow);
      if (!spurious.has(source)) continue;
      knocked.add(`${this.#parties.of(destination).key} ${flows.service[flow]}`);
    }
    this.#knocked = knocked;
    this.#before = this.#covered(ruleset);
    const names = ruleset.policies.map(({ name }) => name);
    const fresh = [...new Set(inventory.groups.map(applicationOf))].sort();
    const places = new Map([...new Set([...names, ...fresh])].map((name, at) => [name, at]));
    const needs = this.#finder.find((policy) => places.get(policy) ?? places.size);
    this.#needs = needs
      .filter((need) => isAsked(need, question.applications))
      .sort(
        (a, b) =>
          (places.get(a.policy) ?? -1) - (places.get(b.policy) ?? -1) ||
          this.#rank(a) - this.#rank(b),
      );
  }

  /** Needs of an application stand in the order of its tiers, the VIP before the pool behind it. */
  #rank({ destination }: Need): number {
    const application = this.#parts.inventory.applications.find(
      ({ name }) => name === destination.application,
    );
    if (application === undefined) return Number.MAX_SAFE_INTEGER;
    const at = application.tiers.findIndex(
      ({ name, groups }) => name === destination.tier || groups.includes(destination.label),
    );
    const tier = at < 0 ? application.tiers.length : at;
    return 2 * tier + (destination.kind === 'vip' ? 0 : 1);
  }

  /** 1 for each flow that explicit allow rules permit at every end that enforces rules. */
  #covered(ruleset: Ruleset): Uint8Array {
    const compiled = this.#parts.compile(ruleset);
    const { combinations, decisions } = decideCombinations(compiled, this.#classes);
    const covered = new Uint8Array(combinations.count);
    for (let at = 0; at < combinations.count; at++) {
      const ends = [decisions.sourceRule[at], decisions.destinationRule[at]].filter(
        (end) => end !== NOT_ENFORCED,
      );
      const isCovered =
        ends.length > 0 &&
        ends.every((end) => compiled.rules[end ?? BY_DEFAULT]?.rule.action === 'ALLOW');
      covered[at] = isCovered ? 1 : 0;
    }
    return Uint8Array.from(combinations.ofFlow, (at) => covered[at] ?? 0);
  }

  #tally(flows: Iterable<number>, has: (flow: number) => boolean): Tally {
    let [count, events] = [0, 0];
    for (const flow of flows) {
      if (!has(flow)) continue;
      count++;
      events += this.#parts.flows.events[flow] ?? 0;
    }
    return { flows: count, events };
  }

  #writer(): RuleWriter {
    const { flows, inventory, ruleset } = this.#parts;
    const context = {
      spurious: inventory.spurious.map(({ address }) => address),
      isKnockedAt: (need: Need) =>
        need.flows.some((flow) =>
          this.#knocked.has(`${need.destination.key} ${flows.service[flow]}`),
        ),
    };
    return new RuleWriter(context, new Set(rulesOf(ruleset).map(({ tag }) => tag)));
  }

  /** Rules that permit what no rule permits yet, without the closing denies. */
  #permits(needs: readonly Need[], level: number, writer: RuleWriter): readonly Planned[] {
    const open = needs.filter(({ flows }) => flows.some((flow) => this.#before[flow] !== 1));
    if (level > 0) {
      return coverNeeds(open, level).flatMap((cluster) =>
        writer.permits(cluster).map(({ rule, needs: own }) => ({
          policy: cluster.policy,
          rule,
          isClosing: false,
          flows: own.flatMap(({ flows }) => flows),
        })),
      );
    }
    return open.flatMap((need) =>
      need.flows.map((flow) => {
        const { source, destination } = this.#finder.ends(flow);
        const rule = writer.permitPair(source, destination, need);
        return { policy: need.policy, rule, isClosing: false, flows: [flow] };
      }),
    );
  }

  /** The denies that close the asked applications and are not there yet, by policy. */
  #closings(
    question: SuggestionQuestion,
    writer: RuleWriter,
  ): ReadonlyMap<string, readonly Planned[]> {
    const { inventory, ruleset } = this.#parts;
    const { applications, isClosed } = question;
    const closings = new Map<string, readonly Planned[]>();
    for (const name of [...new Set(inventory.groups.map(applicationOf))].sort()) {
      const own = inventory.groups.filter((group) => applicationOf(group) === name);
      const isWanted =
        applications === null || applications.some((each) => isNamed(each, name, own));
      const policy = ruleset.policies.find((each) => each.name === name);
      if (!isWanted || policy?.rules.some(isClosing) === true) continue;
      const members = new Set(own.flatMap((group) => group.members));
      const around = own.find((group) => group.members.length === members.size);
      const leaves = own.filter(({ children }) => children.length === 0);
      const groups = around === undefined ? leaves.map((group) => group.name) : [around.name];
      const rules = writer.closes(name, groups, !isClosed);
      closings.set(
        name,
        rules.map((rule) => ({ policy: name, rule, isClosing: true, flows: [] })),
      );
    }
    return closings;
  }

  #plan(needs: readonly Need[], question: SuggestionQuestion): readonly Planned[] {
    const writer = this.#writer();
    const permits = this.#permits(needs, question.level, writer);
    const closings = this.#closings(question, writer);
    const policies = [...new Set([...permits.map(({ policy }) => policy), ...closings.keys()])];
    return policies.flatMap((policy) => {
      const closing = closings.get(policy);
      const own = permits.filter((planned) => planned.policy === policy);
      return closing === undefined ? own : [...own, ...closing];
    });
  }

  #accepted(planned: readonly Planned[]): Ruleset {
    const { ruleset } = this.#parts;
    if (planned.length === 0) return ruleset;
    return applyChange(ruleset, {
      kind: 'several',
      label: 'Suggestions',
      changes: planned.map(({ policy, rule }) => ({
        kind: 'add-rule',
        policy,
        rule,
        category: categoryOf(policy),
      })),
    });
  }

  /**
   * Makes the list of suggestions for a question, of the applications this was made for.
   *
   * @param rejected keys of those that are not to be made
   */
  suggest(
    question: SuggestionQuestion,
    rejected: ReadonlySet<string> = new Set(),
  ): Omit<SuggestionList, 'rejected'> {
    const { flows, inventory } = this.#parts;
    const single = this.#needs.reduce((sum, need) => sum + need.flows.length, 0);
    const level = question.level === 0 && single > MAX_SINGLE ? 1 : question.level;
    const asked = { ...question, level };
    const all = this.#plan(this.#needs, asked);
    const planned = all.filter(({ policy, rule }) => !rejected.has(suggestionKey(policy, rule)));
    const after = this.#covered(this.#accepted(planned));
    const every = Array.from({ length: flows.count }, (_, flow) => flow);
    const purposeful = this.#needs.flatMap((need) => need.flows);
    const levels = [0, 1, 2, 3, 4].filter((each) => each > 0 || single <= MAX_SINGLE);
    return {
      level,
      suggestions: planned.map((each) => this.#described(each, all.indexOf(each), after)),
      total: this.#tally(every, () => true),
      covered: this.#tally(every, (flow) => this.#before[flow] === 1),
      coveredAfter: this.#tally(every, (flow) => after[flow] === 1),
      legitimate: {
        ...this.#tally(purposeful, () => true),
        permittedNow: this.#tally(purposeful, (flow) => this.#before[flow] === 1).flows,
        permitted: this.#tally(purposeful, (flow) => after[flow] === 1).flows,
      },
      rejectedNow: all.length - planned.length,
      leftOut: [...this.#finder.leftOut].map(([reason, left]) => ({
        reason,
        ...this.#tally(left, () => true),
      })),
      spurious: inventory.spurious.map(({ address }) => address),
      curve: levels.map((each) => this.#point({ ...question, level: each })),
    };
  }

  #described(planned: Planned, at: number, after: Uint8Array): Suggestion {
    const { events, sessions, first, last } = this.#parts.flows;
    const { policy, rule, flows } = planned;
    const sum = (column: Float64Array) =>
      flows.reduce((total, flow) => total + (column[flow] ?? 0), 0);
    const times = { first: Infinity, last: -Infinity };
    for (const flow of flows) {
      times.first = Math.min(times.first, first[flow] ?? Infinity);
      times.last = Math.max(times.last, last[flow] ?? -Infinity);
    }
    return {
      id: `${at + 1} ${rule.tag}`,
      key: suggestionKey(policy, rule),
      policy,
      category: categoryOf(policy),
      rule,
      isClosing: planned.isClosing,
      flows: flows.length,
      events: sum(events),
      sessions: sum(sessions),
      first: flows.length === 0 ? null : times.first,
      last: flows.length === 0 ? null : times.last,
      terms: termsOf(rule),
      gain: this.#tally(flows, (flow) => after[flow] === 1 && this.#before[flow] !== 1),
    };
  }

  #point(question: SuggestionQuestion): SuggestionPoint {
    const key = JSON.stringify([question.level, question.isClosed]);
    const point = this.#points.get(key) ?? this.#measured(question);
    this.#points.set(key, point);
    return point;
  }

  #measured(question: SuggestionQuestion): SuggestionPoint {
    const { flows } = this.#parts;
    const planned = this.#plan(this.#needs, question);
    let [from, to] = [Infinity, -Infinity];
    for (let flow = 0; flow < flows.count; flow++) {
      from = Math.min(from, flows.first[flow] ?? Infinity);
      to = Math.max(to, flows.last[flow] ?? -Infinity);
    }
    const cut = from + FITTED * (to - from);
    const early = this.#needs
      .map((need) => this.#until(need, cut))
      .filter((need) => need.flows.length > 0);
    const fitted = this.#covered(this.#accepted(this.#plan(early, question)));
    const late = this.#needs.flatMap((need) =>
      need.flows.filter((flow) => (flows.last[flow] ?? 0) >= cut),
    );
    const lost = late.filter((flow) => fitted[flow] !== 1).length;
    return {
      level: question.level,
      rules: planned.length,
      overPermission: this.#overPermission(planned),
      holdOutLoss: late.length === 0 ? 0 : lost / late.length,
    };
  }

  /** What of a need was seen before a time. */
  #until(need: Need, cut: number): Need {
    const seen = need.flows.filter((flow) => (this.#parts.flows.first[flow] ?? 0) < cut);
    const ends = seen.map((flow) => this.#finder.ends(flow));
    return {
      ...need,
      sources: new Set(ends.map(({ source }) => source)),
      destinations: new Set(ends.map(({ destination }) => destination)),
      flows: seen,
    };
  }

  #overPermission(planned: readonly Planned[]): number {
    const everybody = this.#parts.flows.codes.length;
    const size = (objects: readonly RuleObject[], negated: boolean) => {
      const named = objects.reduce(
        (sum, object) =>
          sum +
          (object.kind === 'ip-set'
            ? object.addresses.length
            : (this.#parties.groups.get(object.name)?.members.length ?? 0)),
        0,
      );
      if (negated) return Math.max(0, everybody - named);
      return objects.length === 0 ? everybody : named;
    };
    let [allowed, seen] = [0, 0];
    for (const { rule, flows, isClosing: closes } of planned) {
      if (closes) continue;
      const services = rule.services.reduce((sum, each) => sum + portsOf(each), 0);
      const sources = size(rule.sources, rule.sourcesNegated ?? false);
      allowed += sources * size(rule.destinations, false) * services;
      seen += flows.length;
    }
    return allowed === 0 ? 0 : Math.max(0, 1 - seen / allowed);
  }
}

function isNamed(
  asked: string,
  application: string,
  groups: readonly { readonly name: string }[],
): boolean {
  return asked === application || groups.some(({ name }) => name === asked);
}

function categoryOf(policy: string) {
  return policy === SHARED_POLICY ? 'Infrastructure' : 'Application';
}

function portsOf(service: string): number {
  const range = /\/(\d+)-(\d+)$/.exec(service);
  return range === null ? 1 : Number(range[2]) - Number(range[1]) + 1;
}

/** The filter that opens the lines of a rule. */
function termsOf(rule: RuleDraft): readonly FilterTerm[] {
  if (rule.action !== 'ALLOW') {
    return rule.appliedTo.length === 0
      ? []
      : [{ field: 'address', exclude: false, values: rule.appliedTo }];
  }
  const values = (objects: readonly RuleObject[]) =>
    objects.flatMap((object) => (object.kind === 'group' ? [object.name] : object.addresses));
  const terms: readonly FilterTerm[] = [
    {
      field: 'source',
      exclude: rule.sourcesNegated ?? false,
      values: values(rule.sources).slice(0, 1_000),
    },
    { field: 'destination', exclude: false, values: values(rule.destinations).slice(0, 1_000) },
    { field: 'service', exclude: false, values: rule.services },
  ];
  return terms.filter((term) => term.values.length > 0);
}
