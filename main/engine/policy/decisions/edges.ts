import type { DecidedEdge, Tally } from '../../../../shared/domain/decision.ts';
import { OUTCOMES, outcomeOf, type Outcome } from '../../../../shared/policy/decide.ts';
import type { MapEnds } from '../../query/map-ends.ts';
import type { Decided } from './decided.ts';
import type { FlowColumns } from './flow-columns.ts';
import { isCovered } from './views.ts';

/** Edges told at most, well above what the map draws. */
const MAX_EDGES = 10_000;

/** The edge each flow is drawn on, which no edit of a ruleset changes. */
interface DrawnFlows {
  readonly ends: MapEnds;
  /** Number of the edge of each flow; -1 where it is on none. */
  readonly edgeOf: Int32Array;
  /** Nodes of each edge. */
  readonly edges: readonly { readonly source: string; readonly target: string }[];
}

const drawn = new WeakMap<FlowColumns, DrawnFlows>();

function draw(flows: FlowColumns, ends: MapEnds): DrawnFlows {
  const nodes = ends.nodes();
  const numbers = new Map(nodes.map((node, at) => [node, at]));
  const nodeOf = Int32Array.from(flows.codes, (code) => numbers.get(ends.nodeOf(code) ?? '') ?? -1);
  const hasLegs = Uint8Array.from(flows.codes, (code) => (ends.hasLegs(code) ? 1 : 0));
  const sourceOf = (flow: number) => {
    const place = flows.source[flow] ?? 0;
    if (hasLegs[place] !== 1) return nodeOf[place] ?? -1;
    const source = flows.codes[place] ?? 0;
    const destination = flows.codes[flows.destination[flow] ?? 0] ?? 0;
    const { protocol = 0, port = 0 } = flows.services[flows.service[flow] ?? 0] ?? {};
    return numbers.get(ends.sourceOf({ source, destination, protocol, port }) ?? '') ?? -1;
  };
  const numberOf = new Map<number, number>();
  const edges: DrawnFlows['edges'][number][] = [];
  const edgeOf = new Int32Array(flows.count).fill(-1);
  for (let flow = 0; flow < flows.count; flow++) {
    const source = sourceOf(flow);
    const target = nodeOf[flows.destination[flow] ?? 0] ?? -1;
    if (source < 0 || target < 0 || source === target) continue;
    const key = source * nodes.length + target;
    let number = numberOf.get(key);
    if (number === undefined) {
      number = edges.push({ source: nodes[source] ?? '', target: nodes[target] ?? '' }) - 1;
      numberOf.set(key, number);
    }
    edgeOf[flow] = number;
  }
  return { ends, edgeOf, edges };
}

function drawnFlows(flows: FlowColumns, ends: MapEnds): DrawnFlows {
  const known = drawn.get(flows);
  if (known?.ends === ends) return known;
  const made = draw(flows, ends);
  drawn.set(flows, made);
  return made;
}

/** Place of each outcome among `OUTCOMES`, by whether it passed when logged and is allowed now. */
const PLACES = [false, true].map((was) =>
  [false, true].map((is) => OUTCOMES.indexOf(outcomeOf(was, is))),
);

/** The outcomes between each pair of different nodes of the map that some flow joins, the busiest first. */
export function edgesOf(decided: Decided, ends: MapEnds): readonly DecidedEdge[] {
  const { flows, weights, combinations, decisions } = decided;
  const { edgeOf, edges } = drawnFlows(flows, ends);
  const size = OUTCOMES.length;
  const counts = new Float64Array(edges.length * size);
  const events = new Float64Array(edges.length * size);
  const coveredFlows = new Float64Array(edges.length);
  const coveredEvents = new Float64Array(edges.length);
  const covers = Uint8Array.from({ length: combinations.count }, (_, at) =>
    isCovered(decided, at) ? 1 : 0,
  );
  for (let flow = 0; flow < flows.count; flow++) {
    const edge = edgeOf[flow] ?? -1;
    if (edge < 0) continue;
    const combination = combinations.ofFlow[flow] ?? 0;
    const isAllowed = decisions.isAllowed[combination] ?? 0;
    const [passed, blocked] = [weights.passed[flow] ?? 0, weights.blocked[flow] ?? 0];
    const ifPassed = edge * size + (PLACES[1]?.[isAllowed] ?? 0);
    const ifBlocked = edge * size + (PLACES[0]?.[isAllowed] ?? 0);
    events[ifPassed] = (events[ifPassed] ?? 0) + passed;
    events[ifBlocked] = (events[ifBlocked] ?? 0) + blocked;
    const counted = passed > 0 ? ifPassed : ifBlocked;
    counts[counted] = (counts[counted] ?? 0) + 1;
    if (covers[combination] !== 1) continue;
    coveredFlows[edge] = (coveredFlows[edge] ?? 0) + 1;
    coveredEvents[edge] = (coveredEvents[edge] ?? 0) + passed + blocked;
  }
  const sumOf = (edge: number) => {
    let sum = 0;
    for (let at = 0; at < size; at++) sum += events[edge * size + at] ?? 0;
    return sum;
  };
  return edges
    .map((_, edge) => ({ edge, sum: sumOf(edge) }))
    .sort((a, b) => b.sum - a.sum || a.edge - b.edge)
    .slice(0, MAX_EDGES)
    .map(({ edge }) => {
      const { source = '', target = '' } = edges[edge] ?? {};
      const tally = (outcome: Outcome): Tally => {
        const at = edge * size + OUTCOMES.indexOf(outcome);
        return { flows: counts[at] ?? 0, events: events[at] ?? 0 };
      };
      const outcomes = {
        'still-allowed': tally('still-allowed'),
        'newly-allowed': tally('newly-allowed'),
        'newly-blocked': tally('newly-blocked'),
        'still-blocked': tally('still-blocked'),
      };
      const covered = { flows: coveredFlows[edge] ?? 0, events: coveredEvents[edge] ?? 0 };
      return { id: `${source}>${target}`, source, target, outcomes, covered };
    });
}
