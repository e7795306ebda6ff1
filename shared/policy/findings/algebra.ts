import type { RuleAction } from '../../domain/ruleset.ts';
import type { CompiledRuleset } from '../compile.ts';
import {
  boxAt,
  boxContains,
  MAX_PIECES,
  overlapping,
  subtractBox,
  subtractFromAll,
  type Box,
} from './boxes.ts';
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
  /** Places of earlier rules of another action that overlap it, neither being part of the other. */
  readonly hazards: readonly number[];
}

/** The rules that are needed of those that together cover a box: each that can be left out is. */
function needed(box: Box, covering: readonly number[], boxes: readonly (Box | null)[]): number[] {
  const covers = (places: readonly number[]) =>
    places.reduce<readonly Box[]>(
      (left, place) => {
        const taken = boxes[place];
        return taken === null || taken === undefined ? left : subtractFromAll(left, taken);
      },
      [box],
    ).length === 0;
  let kept = [...covering];
  for (const place of covering) {
    const without = kept.filter((each) => each !== place);
    if (covers(without)) kept = without;
  }
  return kept;
}

/** How many covering rules are tried one by one for being needed. */
const MAX_REDUCED = 40;

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
    const hazards = new Set<number>();
    const shadowing = new Set<number>();
    const left: { readonly view: EndView; readonly boxes: readonly Box[] }[] = [];
    for (const { view, box } of ends) {
      const before = view.index.overlapping(place).filter((other) => other < place);
      for (const other of before) if (this.#isHazard(view, box, place, other)) hazards.add(other);
      const { boxes, covering } = this.#leftAfter(view, box, before);
      if (boxes.length > 0) left.push({ view, boxes });
      else {
        const few = covering.length <= MAX_REDUCED ? needed(box, covering, view.boxes) : covering;
        for (const other of few) shadowing.add(other);
      }
    }
    if (left.length === 0) this.#dead.add(place);
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

  #leftAfter({ boxes }: EndView, box: Box, before: readonly number[]) {
    let left: readonly Box[] = [box];
    const covering: number[] = [];
    for (const other of before) {
      const taken = boxes[other];
      if (taken === null || taken === undefined) continue;
      if (!left.some((each) => overlapping(each, taken))) continue;
      left = subtractFromAll(left, taken);
      covering.push(other);
      if (left.length === 0 || left.length > MAX_PIECES) break;
    }
    return { boxes: left, covering };
  }

  #redundantTo(
    place: number,
    left: readonly { readonly view: EndView; readonly boxes: readonly Box[] }[],
  ): readonly number[] | null {
    const action = this.#actionOf(place);
    const taking = new Set<number>();
    for (const { view, boxes } of left) {
      let open = boxes;
      for (const other of view.index.overlapping(place)) {
        if (other < place) continue;
        const taken = view.boxes[other];
        if (taken === null || taken === undefined) continue;
        if (!open.some((each) => overlapping(each, taken))) continue;
        if (this.#actionOf(other) !== action) return null;
        if (this.#dead.has(other)) continue;
        open = open.flatMap((each) => subtractBox(each, taken));
        taking.add(other);
        if (open.length === 0) break;
        if (open.length > MAX_PIECES) return null;
      }
      if (open.length > 0) {
        if (this.#ruleset.defaultRule.action !== action) return null;
        taking.add(-1);
      }
    }
    return [...taking].sort((a, b) => a - b);
  }
}
