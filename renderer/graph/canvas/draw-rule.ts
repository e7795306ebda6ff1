import type { GraphNode } from '../../../shared/domain/graph.ts';
import { lineage, SHARED_ID, type Point } from './geometry.ts';

/** How far the pointer must move before a press becomes a drag, in pixels. */
export const DRAG_THRESHOLD = 5;

/** The gesture of drawing a rule from one node to another. */
export type DrawState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'armed'; readonly source: string; readonly from: Point }
  | {
      readonly kind: 'drawing';
      readonly source: string;
      readonly from: Point;
      readonly to: Point;
    }
  | {
      readonly kind: 'over-target';
      readonly source: string;
      readonly target: string;
      readonly from: Point;
      readonly to: Point;
    };

/** What the pointer does. `over` is the node under it. */
export type DrawEvent =
  | { readonly kind: 'press'; readonly source: string; readonly at: Point }
  | { readonly kind: 'move'; readonly at: Point; readonly over: string | null }
  | { readonly kind: 'up' }
  | { readonly kind: 'cancel' };

/** The gesture after an event, and what it came to: a pair to draw a rule for, or a plain click. */
export interface DrawStep {
  readonly state: DrawState;
  readonly draft: { readonly source: string; readonly target: string } | null;
  /** The handle was pressed and let go without a drag. */
  readonly clicked: string | null;
}

/** Nothing is being drawn. */
export const IDLE: DrawState = { kind: 'idle' };

/** Whether a rule may lead from one node to another. */
export type CanConnect = (source: string, target: string) => boolean;

function stay(state: DrawState): DrawStep {
  return { state, draft: null, clicked: null };
}

function move(state: DrawState, at: Point, over: string | null, can: CanConnect): DrawStep {
  if (state.kind === 'idle') return stay(state);
  const { source, from } = state;
  const far = Math.hypot(at.x - from.x, at.y - from.y) >= DRAG_THRESHOLD;
  if (state.kind === 'armed' && !far) return stay(state);
  return stay(
    over !== null && over !== source && can(source, over)
      ? { kind: 'over-target', source, target: over, from, to: at }
      : { kind: 'drawing', source, from, to: at },
  );
}

/** The next state of the gesture. A press while one is under way starts anew. */
export function drawStep(state: DrawState, event: DrawEvent, can: CanConnect): DrawStep {
  switch (event.kind) {
    case 'press':
      return stay({ kind: 'armed', source: event.source, from: event.at });
    case 'move':
      return move(state, event.at, event.over, can);
    case 'up':
      return {
        state: IDLE,
        draft: state.kind === 'over-target' ? { source: state.source, target: state.target } : null,
        clicked: state.kind === 'armed' ? state.source : null,
      };
    case 'cancel':
      return stay(IDLE);
  }
}

/** Nodes a rule may lead to: not the node itself, not what it lies in or what lies in it, no mere frame. */
export function connectable(nodes: readonly GraphNode[]): CanConnect {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (source, target) =>
    source !== target &&
    source !== SHARED_ID &&
    target !== SHARED_ID &&
    byId.has(source) &&
    byId.has(target) &&
    !lineage(source, byId).includes(target) &&
    !lineage(target, byId).includes(source);
}
