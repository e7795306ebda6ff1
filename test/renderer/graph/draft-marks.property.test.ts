import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMarks, draftMark, draftSums } from '../../../renderer/graph/draft-marks.ts';
import type { DecidedEdge } from '../../../shared/domain/decision.ts';
import { OUTCOMES } from '../../../shared/policy/decide.ts';

const tally = fc.nat(5).map((events) => ({ flows: Math.min(events, 1), events }));
const node = fc.constantFrom('a', 'b', 'c', 'd');

const edge: fc.Arbitrary<DecidedEdge> = fc
  .record({
    source: node,
    target: node,
    outcomes: fc.record({
      'still-allowed': tally,
      'newly-allowed': tally,
      'newly-blocked': tally,
      'still-blocked': tally,
    }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ source, target, outcomes, share }) => {
    const allowed = outcomes['still-allowed'].events + outcomes['newly-allowed'].events;
    const covered = { flows: 0, events: Math.floor(allowed * share) };
    return { id: `${source}>${target}`, source, target, outcomes, covered };
  });

const edges = fc.uniqueArray(edge, { selector: ({ id }) => id, maxLength: 16 });

describe('what the draft does with the links of the map', () => {
  it('loses no line but those within one node, however the map is folded', () => {
    fc.assert(
      fc.property(edges, fc.dictionary(node, node), (decided, folds) => {
        const standsFor = (id: string) => folds[id] ?? id;
        const sums = draftSums(decided, standsFor);
        const between = decided.filter(
          ({ source, target }) => standsFor(source) !== standsFor(target),
        );
        for (const outcome of OUTCOMES) {
          const shown = [...sums.values()].reduce((sum, each) => sum + each.outcomes[outcome], 0);
          expect(shown).toBe(between.reduce((sum, each) => sum + each.outcomes[outcome].events, 0));
        }
        const ids = between.map((each) => `${standsFor(each.source)}>${standsFor(each.target)}`);
        expect(new Set(sums.keys())).toEqual(new Set(ids));
      }),
    );
  });

  it('marks a folded link as the worst of what it holds, and blocked only where all is', () => {
    const rank = { breaks: 3, unprotected: 2, allowed: 1, blocked: 0 };
    fc.assert(
      fc.property(fc.array(edge, { minLength: 1, maxLength: 6 }), (decided) => {
        const markOf = (some: readonly DecidedEdge[]) => {
          const between = some.map((each) => ({ ...each, source: 'x', target: 'y' }));
          const sum = draftSums(between, (id) => id).get('x>y');
          if (sum === undefined) throw new Error('the link is not told');
          return draftMark(sum);
        };
        const mark = markOf(decided);
        expect(rank[mark]).toBe(Math.max(...decided.map((each) => rank[markOf([each])])));
        expect(countMarks(new Map([['x>y', mark]]))).toEqual({
          breaks: 0,
          unprotected: 0,
          blocked: 0,
          allowed: 0,
          [mark]: 1,
        });
      }),
    );
  });
});
