import type { UnitEdge, UnitGraph } from './units.ts';
import { mainServices, tierByService } from './units.ts';

/** Units of one role in an application. */
export interface FoundTier {
  readonly name: string;
  readonly units: readonly string[];
}

/** Sessions the other way are noise below this share. */
const BACK_SHARE = 0.25;

/** Edges without those that turn the order around: the lighter of two opposite ones, and what closes a circle. */
function forward(units: readonly string[], edges: readonly UnitEdge[]): readonly UnitEdge[] {
  const kept: UnitEdge[] = [];
  const next = new Map<string, Set<string>>(units.map((unit) => [unit, new Set<string>()]));
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at === to) return true;
      for (const each of next.get(at) ?? []) {
        if (!seen.has(each)) stack.push(each);
        seen.add(each);
      }
    }
    return false;
  };
  const sessions = new Map(edges.map(({ from, to, sessions: n }) => [`${from}\n${to}`, n]));
  const back = ({ from, to }: UnitEdge) => sessions.get(`${to}\n${from}`) ?? 0;
  const clear = [...edges].sort(
    (a, b) =>
      Number(back(a) > BACK_SHARE * a.sessions) - Number(back(b) > BACK_SHARE * b.sessions) ||
      b.sessions - a.sessions ||
      (a.from + a.to < b.from + b.to ? -1 : 1),
  );
  for (const edge of clear) {
    if (back(edge) > edge.sessions || reaches(edge.to, edge.from)) continue;
    next.get(edge.from)?.add(edge.to);
    kept.push(edge);
  }
  return kept;
}

/** How many steps after the first a unit comes; who nobody calls stands just before whom it calls. */
function stepsOf(
  units: readonly string[],
  edges: readonly UnitEdge[],
  isEntry: (unit: string) => boolean,
): ReadonlyMap<string, number> {
  const steps = new Map(units.map((unit) => [unit, 0]));
  for (let round = 0; round < units.length; round++) {
    for (const { from, to } of edges) {
      steps.set(to, Math.max(steps.get(to) ?? 0, (steps.get(from) ?? 0) + 1));
    }
  }
  for (const unit of units) {
    const isCalled = edges.some(({ to }) => to === unit);
    const targets = edges.filter(({ from }) => from === unit).map(({ to }) => steps.get(to) ?? 1);
    if (!isCalled && !isEntry(unit) && targets.length > 0) {
      steps.set(unit, Math.max(0, Math.min(...targets) - 1));
    }
  }
  return steps;
}

/** What a unit looks like from outside. */
interface Looks {
  readonly kindOf: (unit: string) => string;
  readonly isEntry: (unit: string) => boolean;
}

/** Puts units nobody calls beside those of their kind: a tier may have members that had nothing to do. */
function sideBySide(
  units: readonly string[],
  edges: readonly UnitEdge[],
  steps: ReadonlyMap<string, number>,
  { kindOf, isEntry }: Looks,
): ReadonlyMap<string, number> {
  const called = new Set(edges.map(({ to }) => to));
  return new Map(
    units.map((unit) => {
      const step = steps.get(unit) ?? 0;
      const kind = kindOf(unit);
      if (called.has(unit) || isEntry(unit) || kind === '') return [unit, step];
      const tied = edges.some(
        ({ from, to }) => kindOf(from) === kind && kindOf(to) === kind && [from, to].includes(unit),
      );
      const alike = units.filter((other) => other !== unit && kindOf(other) === kind);
      const places = new Set(alike.map((other) => steps.get(other) ?? 0));
      const [place] = places;
      return [unit, places.size === 1 && place !== undefined && !tied ? place : step];
    }),
  );
}

/** Who calls a unit, whom it calls and what it serves; units alike in all of that are one tier. */
function positionOf(unit: string, edges: readonly UnitEdge[], graph: UnitGraph): string | null {
  const callers = edges.flatMap(({ from, to }) => (to === unit ? [from] : [])).sort();
  const called = edges.flatMap(({ from, to }) => (from === unit ? [to] : [])).sort();
  const [service] = mainServices(graph, unit);
  const isKnown = callers.length > 0 || (called.length > 0 && graph.fromOutside.has(unit));
  if (!isKnown || service === undefined) return null;
  return [callers.join('\n'), called.join('\n'), service].join('\n\n');
}

/**
 * Orders an application's units by who opens sessions to whom, the entry first. Units of one role
 * at one step are one tier. A tier's name is what the tags say, else what the services say, else
 * its number.
 */
export function orderTiers(
  units: readonly string[],
  edges: readonly UnitEdge[],
  graph: UnitGraph,
): readonly FoundTier[] {
  const kindOf = (unit: string) =>
    graph.units.get(unit)?.parts?.tier ?? tierByService(graph, unit) ?? '';
  const ordered = forward(units, edges);
  const isEntry = (unit: string) => (graph.fromOutside.get(unit) ?? 0) > 0;
  const alone = sideBySide(units, ordered, stepsOf(units, ordered, isEntry), { kindOf, isEntry });
  const steps = new Map(
    units.map((unit): [string, number] => {
      const mates = graph.mates.find((each) => each.includes(unit)) ?? [unit];
      return [unit, Math.max(...mates.map((mate) => alone.get(mate) ?? 0))];
    }),
  );
  const tiers = new Map<string, { step: number; kind: string; units: string[] }>();
  for (const unit of [...units].sort()) {
    const step = steps.get(unit) ?? 0;
    const kind = kindOf(unit);
    const mates =
      graph.mates.find((each) => each.includes(unit))?.join('\n') ??
      positionOf(unit, edges, graph) ??
      unit;
    const key = kind === '' ? `${step} ${mates}` : `${step} ${kind}`;
    const held = tiers.get(key);
    if (held === undefined) tiers.set(key, { step, kind, units: [unit] });
    else held.units.push(unit);
  }
  const sorted = [...tiers.values()].sort(
    (a, b) =>
      a.step - b.step ||
      Number(a.kind === 'db') - Number(b.kind === 'db') ||
      (a.kind < b.kind ? -1 : 1),
  );
  const last = sorted.at(-1)?.step ?? 0;
  const used = new Map<string, number>();
  return sorted.map(({ step, kind, units: own }, at) => {
    const isBetween = step > 0 && step < last;
    const name = kind !== '' ? kind : isBetween ? 'app' : `tier ${at + 1}`;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return { name: count === 1 ? name : `${name} ${count}`, units: own };
  });
}
