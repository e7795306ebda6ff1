import type { HitList, SeenFlowSum } from '../../../../shared/domain/rule-usage.ts';
import type { Decided } from '../decisions/decided.ts';
import { BY_DEFAULT, NOT_ENFORCED } from '../decisions/rule-masks.ts';
import { summarise } from '../decisions/views.ts';

/** Sums flows one by one. */
export class SeenSum {
  #flows = 0;
  #events = 0;
  #first = Infinity;
  #last = -Infinity;

  add(flows: number, events: number, first: number, last: number): void {
    this.#flows += flows;
    this.#events += events;
    if (first < this.#first) this.#first = first;
    if (last > this.#last) this.#last = last;
  }

  done(): SeenFlowSum {
    const [flows, events] = [this.#flows, this.#events];
    if (flows === 0) return { flows, events, first: null, last: null };
    return { flows, events, first: this.#first, last: this.#last };
  }
}

/** How often each rule decides, at either end and at both, and when it was seen to. */
export function hitList(decided: Decided, revision: number): HitList {
  const { combinations, combined, decisions, flows } = decided;
  const { rules, defaultRule } = summarise(decided, revision);
  const first = new Float64Array(combinations.count).fill(Infinity);
  const last = new Float64Array(combinations.count).fill(-Infinity);
  for (let flow = 0; flow < flows.count; flow++) {
    const at = combinations.ofFlow[flow] ?? 0;
    const [from, to] = [flows.first[flow] ?? Infinity, flows.last[flow] ?? -Infinity];
    if (from < (first[at] ?? Infinity)) first[at] = from;
    if (to > (last[at] ?? -Infinity)) last[at] = to;
  }
  const sums = rules.map(() => new SeenSum());
  const byDefault = new SeenSum();
  for (let at = 0; at < combinations.count; at++) {
    const count = (combined.passedFlows[at] ?? 0) + (combined.blockedFlows[at] ?? 0);
    if (count === 0) continue;
    const events = (combined.passed[at] ?? 0) + (combined.blocked[at] ?? 0);
    const atSource = decisions.sourceRule[at] ?? BY_DEFAULT;
    const atDestination = decisions.destinationRule[at] ?? BY_DEFAULT;
    for (const place of atSource === atDestination ? [atSource] : [atSource, atDestination]) {
      if (place === NOT_ENFORCED) continue;
      (sums[place] ?? byDefault).add(count, events, first[at] ?? 0, last[at] ?? 0);
    }
  }
  return {
    revision,
    rules: rules.map((rule, place) => ({ ...rule, seen: (sums[place] ?? byDefault).done() })),
    defaultRule: { ...defaultRule, seen: byDefault.done() },
  };
}
