/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced as a whole */
import type { Box, Point } from './canvas/geometry.ts';
import { boxHas, hitTest, SHARED_ID } from './canvas/geometry.ts';
import {
  connectable,
  DRAG_THRESHOLD,
  drawStep,
  IDLE,
  type DrawEvent,
  type DrawState,
} from './canvas/draw-rule.ts';
import type { GraphState } from './graph-state.svelte.ts';

const HOVER_MARGIN = 12;
const CARD_OFFSET = 18;

/** Where the card of a rule stands for a target there. */
export function cardPlace({ x, y }: Point): Point {
  return { x: x + CARD_OFFSET, y: y - 40 };
}

/** The gesture of drawing a rule with the mouse: what is pointed at, and where the handle stands. */
export class RuleGesture {
  hovered = $state<string | null>(null);
  state = $state.raw<DrawState>(IDLE);
  boxes = $state.raw<ReadonlyMap<string, Box>>(new Map());
  readonly #map: GraphState;
  /** Nodes that hold others. */
  readonly holders: ReadonlySet<string> = $derived.by(
    () => new Set(this.#map.nodes.flatMap((node) => node.parent ?? [])),
  );
  /** Whether a rule may lead from one node to another. */
  readonly can = $derived.by(() => connectable(this.#map.allNodes));
  /** The node the handle belongs to. */
  readonly handleFor: string | null = $derived.by(() => {
    const id =
      this.state.kind === 'idle' ? (this.hovered ?? this.#map.selectedId) : this.state.source;
    return id !== null && this.#map.nodes.some((node) => node.id === id) ? id : null;
  });
  readonly handle: Point | null = $derived.by(() =>
    this.handleFor === null ? null : this.#handlePlace(this.handleFor),
  );
  /** Where the handle stands that folds or opens the node pointed at. */
  readonly fold: Point | null = $derived.by(() => {
    const id = this.handleFor;
    const box = id === null ? undefined : this.boxes.get(id);
    if (id === null || box === undefined || !this.#map.holders.has(id)) return null;
    const x = box.x - box.width / 2;
    return this.holders.has(id) ? { x: x + 14, y: box.y - box.height / 2 + 14 } : { x, y: box.y };
  });
  readonly drawn = $derived.by(() =>
    this.state.kind === 'drawing' || this.state.kind === 'over-target' ? this.state : null,
  );

  constructor(map: GraphState) {
    this.#map = map;
  }

  /** The handle stands on the right edge; on nodes that hold others beside the title, clear of what they hold. */
  #handlePlace(id: string): Point | null {
    const box = this.boxes.get(id);
    if (box === undefined || id === SHARED_ID) return null;
    const x = box.x + box.width / 2;
    return this.holders.has(id) ? { x, y: box.y - box.height / 2 + 14 } : { x, y: box.y };
  }

  /** The pointer moved over the map without drawing. */
  hover(point: Point): void {
    const exact = hitTest(this.boxes, point);
    const current = this.hovered === null ? undefined : this.boxes.get(this.hovered);
    if (exact !== undefined) this.hovered = exact;
    else if (current === undefined || !boxHas(current, point, HOVER_MARGIN)) this.hovered = null;
  }

  send(event: DrawEvent): void {
    const step = drawStep(this.state, event, this.can);
    const at = this.drawn?.to;
    this.state = step.state;
    if (step.draft !== null) {
      const { source, target } = step.draft;
      this.#map.openCard(source, target, at === undefined ? undefined : cardPlace(at));
    } else if (step.clicked !== null) this.#map.chooserFor = step.clicked;
  }

  press(at: Point): void {
    if (this.handleFor === null) return;
    this.#map.card = null;
    this.#map.chooserFor = null;
    this.send({ kind: 'press', source: this.handleFor, at });
  }

  drag(at: Point): void {
    if (this.state.kind === 'idle') return;
    this.send({ kind: 'move', at, over: hitTest(this.boxes, at, DRAG_THRESHOLD) ?? null });
  }

  /** Opens the card of a rule beside its target. */
  openCardFor(source: string, target: string): void {
    const box = this.boxes.get(target);
    const at = box === undefined ? undefined : { x: box.x + box.width / 2, y: box.y };
    this.#map.openCard(source, target, at === undefined ? undefined : cardPlace(at));
  }
}
