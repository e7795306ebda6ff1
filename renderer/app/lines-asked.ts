import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { Args } from '../../shared/ipc/contract.ts';

/** Which lines stand behind a number. */
export type LinesWish =
  | {
      /** Those of the flows that pass a filter, of the sources of a path where it is given. */
      readonly kind: 'filter';
      readonly filter: FlowFilter;
      readonly source?: string;
    }
  | {
      /** Those of flows that the draft decides so, or that one of its rules decides. */
      readonly kind: 'decided';
      readonly question: Omit<Args<'decision.lines'>, 'limit'>;
    };

/** A number whose lines were asked for, and what it counts. */
export interface LinesAsked {
  /** What the lines are of, as in `SGTSWEB → TCP/443`. */
  readonly title: string;
  readonly wish: LinesWish;
}
