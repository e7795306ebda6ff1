import type { DecidedEdge } from '../../shared/domain/decision.ts';
import type { Outcome } from '../../shared/policy/decide.ts';

/** What the draft would do with the flows of a link, the worst first. */
export const DRAFT_MARKS = ['breaks', 'unprotected', 'blocked', 'allowed'] as const;

/** One of {@link DRAFT_MARKS}. */
export type DraftMark = (typeof DRAFT_MARKS)[number];

/** The logged lines of a link by what the draft would do with them. */
export interface DraftSum {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Those that explicit allow rules permit at every end that enforces rules. */
  readonly covered: number;
}

/**
 * The mark of a link: `breaks` where the draft would block what passed, `unprotected` where
 * something passes that no allow rule names, `blocked` where nothing would pass.
 */
export function draftMark({ outcomes, covered }: DraftSum): DraftMark {
  if (outcomes['newly-blocked'] > 0) return 'breaks';
  const allowed = outcomes['still-allowed'] + outcomes['newly-allowed'];
  if (allowed === 0) return 'blocked';
  return covered < allowed ? 'unprotected' : 'allowed';
}

/**
 * Sums what was decided for each link as the map shows it now. What lies within one folded node is
 * on no link.
 *
 * @param standsFor the id of the node shown for a node, which is itself or what it is folded into
 */
export function draftSums(
  edges: readonly DecidedEdge[],
  standsFor: (id: string) => string,
): ReadonlyMap<string, DraftSum> {
  const sums = new Map<string, { outcomes: Record<Outcome, number>; covered: number }>();
  for (const { source, target, outcomes, covered } of edges) {
    const [from, to] = [standsFor(source), standsFor(target)];
    if (from === to) continue;
    const id = `${from}>${to}`;
    const sum = sums.get(id);
    const old = sum?.outcomes;
    sums.set(id, {
      outcomes: {
        'still-allowed': (old?.['still-allowed'] ?? 0) + outcomes['still-allowed'].events,
        'newly-allowed': (old?.['newly-allowed'] ?? 0) + outcomes['newly-allowed'].events,
        'newly-blocked': (old?.['newly-blocked'] ?? 0) + outcomes['newly-blocked'].events,
        'still-blocked': (old?.['still-blocked'] ?? 0) + outcomes['still-blocked'].events,
      },
      covered: (sum?.covered ?? 0) + covered.events,
    });
  }
  return sums;
}

/** How many links have each mark. */
export function countMarks(
  marks: ReadonlyMap<string, DraftMark>,
): Readonly<Record<DraftMark, number>> {
  const counts = { breaks: 0, unprotected: 0, blocked: 0, allowed: 0 };
  for (const mark of marks.values()) counts[mark]++;
  return counts;
}
