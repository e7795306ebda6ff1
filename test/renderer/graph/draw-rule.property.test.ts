import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  connectable,
  DRAG_THRESHOLD,
  drawStep,
  IDLE,
  type DrawEvent,
  type DrawState,
} from '../../../renderer/graph/canvas/draw-rule.ts';
import { aNode } from '../support/scripted.ts';

const ids = ['a', 'b', 'c'] as const;
const id = fc.constantFrom(...ids);
const at = fc.record({ x: fc.integer({ min: 0, max: 40 }), y: fc.integer({ min: 0, max: 40 }) });
const event: fc.Arbitrary<DrawEvent> = fc.oneof(
  fc.record({ kind: fc.constant('press' as const), source: id, at }),
  fc.record({ kind: fc.constant('move' as const), at, over: fc.option(id) }),
  fc.constant<DrawEvent>({ kind: 'up' }),
  fc.constant<DrawEvent>({ kind: 'cancel' }),
);
const can = (source: string, target: string) => source !== target && target !== 'c';

describe('the gesture of drawing a rule', () => {
  it('is idle after the pointer was let go or the gesture given up, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(event), fc.constantFrom('up', 'cancel'), (events, last) => {
        let state: DrawState = IDLE;
        for (const each of [...events, { kind: last } as const])
          state = drawStep(state, each, can).state;
        expect(state).toEqual(IDLE);
      }),
    );
  });

  it('makes at most one draft a press, and only between nodes that may be connected', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state: DrawState = IDLE;
        let presses = 0;
        let outcomes = 0;
        for (const each of events) {
          const step = drawStep(state, each, can);
          if (each.kind === 'press') presses++;
          if (step.draft !== null || step.clicked !== null) outcomes++;
          if (step.draft !== null) {
            expect(each.kind).toBe('up');
            expect(can(step.draft.source, step.draft.target)).toBe(true);
          }
          ({ state } = step);
        }
        expect(outcomes).toBeLessThanOrEqual(presses);
      }),
    );
  });

  it('takes a press without a drag for a click', () => {
    const armed = drawStep(IDLE, { kind: 'press', source: 'a', at: { x: 0, y: 0 } }, can).state;
    const small = { x: DRAG_THRESHOLD - 1, y: 0 };
    const { state } = drawStep(armed, { kind: 'move', at: small, over: 'b' }, can);
    expect(drawStep(state, { kind: 'up' }, can)).toEqual({
      state: IDLE,
      draft: null,
      clicked: 'a',
    });
  });

  it('draws a rule from the node pressed to the node under the pointer', () => {
    const armed = drawStep(IDLE, { kind: 'press', source: 'a', at: { x: 0, y: 0 } }, can).state;
    const over = drawStep(armed, { kind: 'move', at: { x: 30, y: 0 }, over: 'b' }, can).state;
    expect(over.kind).toBe('over-target');
    expect(drawStep(over, { kind: 'up' }, can).draft).toEqual({ source: 'a', target: 'b' });
  });

  it('comes to nothing over empty ground', () => {
    const armed = drawStep(IDLE, { kind: 'press', source: 'a', at: { x: 0, y: 0 } }, can).state;
    const over = drawStep(armed, { kind: 'move', at: { x: 30, y: 0 }, over: 'b' }, can).state;
    const left = drawStep(over, { kind: 'move', at: { x: 60, y: 0 }, over: null }, can).state;
    expect(drawStep(left, { kind: 'up' }, can).draft).toBeNull();
  });
});

describe('nodes a rule may lead to', () => {
  const nodes = [
    aNode('group:BOOKS', { kind: 'group' }),
    aNode('group:WEB', { kind: 'group', parent: 'group:BOOKS' }),
    aNode('workload:192.0.2.11', { parent: 'group:WEB' }),
    aNode('address:192.0.2.102', { kind: 'ip-set' }),
  ];

  it('are not the node itself, what it lies in, or what lies in it', () => {
    const may = connectable(nodes);
    expect(may('group:WEB', 'group:WEB')).toBe(false);
    expect(may('workload:192.0.2.11', 'group:BOOKS')).toBe(false);
    expect(may('group:BOOKS', 'workload:192.0.2.11')).toBe(false);
    expect(may('group:WEB', 'address:192.0.2.102')).toBe(true);
    expect(may('group:WEB', 'group:GONE')).toBe(false);
  });
});
