import type { FlowColumns } from './flow-columns.ts';
import type { Combinations } from './flow-classes.ts';

/** How much each flow counts. */
export interface FlowWeights {
  /** Lines of sessions that got through. */
  readonly passed: Float64Array;
  /** Lines of sessions that did not. */
  readonly blocked: Float64Array;
  /** Lines logged at the source's vNIC, or all where it logged none. */
  readonly atSource: Float64Array;
  /** Lines logged at the destination's vNIC, or all where it logged none. */
  readonly atDestination: Float64Array;
}

/** The sums of the flows of each combination. */
export interface CombinationWeights extends FlowWeights {
  /** Flows of which some session got through. */
  readonly passedFlows: Float64Array;
  /** Flows of which none did. */
  readonly blockedFlows: Float64Array;
}

/**
 * What the lines of each flow say. A session that passed at the source's vNIC got through only if
 * the destination's vNIC let it in: where that one logged the flow and always blocked it, lines of
 * the source's vNIC count as blocked too.
 */
export function weighFlows({ count, lines }: FlowColumns): FlowWeights {
  const passed = new Float64Array(count);
  const blocked = new Float64Array(count);
  const atSource = new Float64Array(count);
  const atDestination = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const inPassed = lines.inPassed[at] ?? 0;
    const inBlocked = lines.inBlocked[at] ?? 0;
    const outPassed = lines.outPassed[at] ?? 0;
    const outBlocked = lines.outBlocked[at] ?? 0;
    const throughPassed = lines.throughPassed[at] ?? 0;
    const throughBlocked = lines.throughBlocked[at] ?? 0;
    const isRefusedInside = inPassed === 0 && inBlocked > 0;
    const before = outPassed + throughPassed;
    const all = before + inPassed + inBlocked + outBlocked + throughBlocked;
    passed[at] = inPassed + (isRefusedInside ? 0 : before);
    blocked[at] = all - (passed[at] ?? 0);
    atSource[at] = outPassed + outBlocked > 0 ? outPassed + outBlocked : all;
    atDestination[at] = inPassed + inBlocked > 0 ? inPassed + inBlocked : all;
  }
  return { passed, blocked, atSource, atDestination };
}

/** Sums the weights of flows by combination. */
export function weighCombinations(flows: FlowWeights, by: Combinations): CombinationWeights {
  const make = () => new Float64Array(by.count);
  const [passed, blocked, atSource, atDestination] = [make(), make(), make(), make()];
  const [passedFlows, blockedFlows] = [make(), make()];
  const { ofFlow } = by;
  for (let flow = 0; flow < ofFlow.length; flow++) {
    const at = ofFlow[flow] ?? 0;
    const through = flows.passed[flow] ?? 0;
    passed[at] = (passed[at] ?? 0) + through;
    blocked[at] = (blocked[at] ?? 0) + (flows.blocked[flow] ?? 0);
    atSource[at] = (atSource[at] ?? 0) + (flows.atSource[flow] ?? 0);
    atDestination[at] = (atDestination[at] ?? 0) + (flows.atDestination[flow] ?? 0);
    if (through > 0) passedFlows[at] = (passedFlows[at] ?? 0) + 1;
    else blockedFlows[at] = (blockedFlows[at] ?? 0) + 1;
  }
  return { passed, blocked, atSource, atDestination, passedFlows, blockedFlows };
}
