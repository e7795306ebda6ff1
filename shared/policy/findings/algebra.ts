import type { RuleAction } from '../../domain/ruleset.ts';
import type { CompiledRuleset } from '../compile.ts';
import { boxAt, boxContains, intersectBoxes, overlapping, subtractBox, type Box } from './boxes.ts';
import { holdsPoint, MAX_PIECES, samplePoint, searchUncovered, type BoxPoint } from './covered.ts';
import { OverlapIndex } from './overlaps.ts';

/** The rules as the vNICs at one end see them. */
interface EndView {
  /** What each rule is for at this end; `null` where it is for nothing there. */
  readonly boxes: readonly (Box | null)[];
  readonly index: OverlapIndex;
}

/** What becomes of a rule among the others. */
export interface Standing {
  /** True where it matches no flow at all, whatever the others do. */
  readonly isEmpty: boolean;
  /** Places of earlier rules that together take all it is for; `null` where something is left. */
  readonly shadowedBy: readonly number[] | null;
  /**
   * Where all that is left for it would be decided alike without it: places of the later rules that
   * would, -1 for the default rule; `null` otherwise.
   */
  readonly redundantTo: readonly number[] | null;
  /** Places of earlier rules of another action that overlap it, neither being part of the other; none for one that never decides. */
  readonly hazards: readonly number[];
}

/** The rules that are needed of those that together cover a box: each that can be left out is. */
function needed(box: Box, covering: readonly number[], boxes: readonly (Box | null)[]): number[] {
  let kept = [...covering];
  for (const place of covering) {
    const without = kept.filter((each) => each !== place);
    const others = without.map((each) => boxes[each] ?? null);
    if (searchUncovered(box, others).kind === 'covered') kept = without;
  }
  return kept;
}

/** How many covering rules are tried one by one for being needed. */
const MAX_REDUCED = 40;

/** Flows tried before it is proved that all are decided alike without a rule. */
const TRIED = 24;

/** What is left of a rule for the vNICs at one end, once the rules before it are heeded. */
interface Left {
  readonly view: EndView;
  readonly box: Box;
  readonly before: readonly number[];
}

/** Studies how the rules of a ruleset stand to each other, by their sets and not by any flow. */
export class RuleAlgebra {
  readonly #ruleset: CompiledRuleset;
  readonly #views: readonly EndView[];
  readonly #dead = new Set<number>();

  constructor(ruleset: CompiledRuleset) {
    this.#ruleset = ruleset;
    this.#views = (['source', 'destination'] as const).map((end) => {
      const boxes = ruleset.rules.map((rule) => boxAt(rule, end));
      return { boxes, index: new OverlapIndex(boxes) };
    });
  }

  /**
   * What becomes of each rule, in order. A rule is not called redundant for the sake of one that never
   * takes effect itself: of two that say the same, the later one is enough to go.
   */
  standings(): readonly Standing[] {
    const last = this.#ruleset.rules.length - 1;
    return this.#ruleset.rules.map((_, at) => this.#standing(last - at)).reverse();
  }

  #standing(place: number): Standing {
    const ends = this.#views.flatMap((view) => {
      const box = view.boxes[place];
      return box === null || box === undefined ? [] : [{ view, box }];
    });
    if (ends.length === 0) {
      return { isEmpty: true, shadowedBy: null, redundantTo: null, hazards: [] };
    }
    const shadowing = new Set<number>();
    const left: Left[] = [];
    for (const { view, box } of ends) {
      const before = view.index.overlapping(place).filter((other) => other < place);
      const coverage = searchUncovered(
        box,
        before.map((other) => view.boxes[other] ?? null),
      );
      if (coverage.kind !== 'covered') left.push({ view, box, before });
      else {
        const covering = coverage.by.flatMap((at) => before[at] ?? []);
        const few = covering.length <= MAX_REDUCED ? needed(box, covering, view.boxes) : covering;
        for (const other of few) shadowing.add(other);
      }
    }
    if (left.length === 0) this.#dead.add(place);
    const hazards = new Set<number>();
    if (left.length > 0) {
      for (const { view, box } of ends) {
        for (const other of view.index.overlapping(place)) {
          if (other < place && this.#isHazard(view, box, place, other)) hazards.add(other);
        }
      }
    }
    const inOrder = (places: ReadonlySet<number>) => [...places].sort((a, b) => a - b);
    return {
      isEmpty: false,
      shadowedBy: left.length === 0 ? inOrder(shadowing) : null,
      redundantTo: left.length === 0 ? null : this.#redundantTo(place, left),
      hazards: inOrder(hazards),
    };
  }

  /** Whether a rule can move up to an earlier place without any flow being decided otherwise. */
  canMoveUp(place: number, to: number): boolean {
    const action = this.#actionOf(place);
    return this.#views.every(({ index }) =>
      index
        .overlapping(place)
        .every((other) => other < to || other > place || this.#actionOf(other) === action),
    );
  }

  #actionOf(place: number): RuleAction {
    return (this.#ruleset.rules[place]?.rule ?? this.#ruleset.defaultRule).action;
  }

  #isHazard({ boxes }: EndView, box: Box, place: number, other: number): boolean {
    const earlier = boxes[other];
    if (earlier === null || earlier === undefined) return false;
    if (this.#actionOf(place) === this.#actionOf(other)) return false;
    return !boxContains(earlier, box) && !boxContains(box, earlier);
  }

  /** What decides a flow of a rule if the rule were not there: whether alike, and by which rule. */
  #without({ view, before }: Left, after: readonly number[], point: BoxPoint, action: RuleAction) {
    const has = (other: number) => {
      const box = view.boxes[other];
      return box !== null && box !== undefined && holdsPoint(box, point);
    };
    if (before.some(has)) return true;
    for (const other of after) {
      if (!has(other)) continue;
      if (this.#actionOf(other) !== action) return false;
      if (!this.#dead.has(other)) return true;
    }
    return this.#ruleset.defaultRule.action === action;
  }

  #redundantTo(place: number, left: readonly Left[]): readonly number[] | null {
    const taking = new Set<number>();
    for (const end of left) {
      const found = this.#takersAt(place, end);
      if (found === null) return null;
      for (const other of found) taking.add(other);
    }
    return [...taking].sort((a, b) => a - b);
  }

  /** The later rules, -1 for the default, that decide alike all that is left of a rule at one end. */
  #takersAt(place: number, end: Left): ReadonlySet<number> | null {
    const { view, box } = end;
    const action = this.#actionOf(place);
    const after = view.index.overlapping(place).filter((other) => other > place);
    for (let number = 0; number < TRIED; number++) {
      const point = samplePoint(box, number);
      if (point !== undefined && !this.#without(end, after, point, action)) return null;
    }
    const before = end.before.map((other) => view.boxes[other] ?? null);
    const isTakenBefore = (piece: Box) => searchUncovered(piece, before).kind === 'covered';
    const taking = new Set<number>();
    const open: { readonly piece: Box; readonly from: number }[] = [{ piece: box, from: 0 }];
    for (let pieces = 0; pieces <= MAX_PIECES; pieces++) {
      const next = open.pop();
      if (next === undefined) return taking;
      const { piece, from } = next;
      const point = samplePoint(piece, 0);
      if (point !== undefined && !this.#without(end, after, point, action)) return null;
      const at = after.findIndex((other, index) => {
        const taken = view.boxes[other];
        const isSkipped = this.#dead.has(other) && this.#actionOf(other) === action;
        return index >= from && !isSkipped && taken && overlapping(piece, taken);
      });
      if (at < 0) {
        if (isTakenBefore(piece)) continue;
        if (this.#ruleset.defaultRule.action !== action) return null;
        taking.add(-1);
        continue;
      }
      const other = after[at] ?? -1;
      const taken = view.boxes[other];
      const both = taken ? intersectBoxes(piece, taken) : null;
      if (!taken || both === null) continue;
      if (!isTakenBefore(both)) {
        if (this.#actionOf(other) !== action) return null;
        taking.add(other);
      }
      for (const rest of subtractBox(piece, taken)) open.push({ piece: rest, from: at + 1 });
    }
    return null;
  }
}
