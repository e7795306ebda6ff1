import type { FlowFilter, TimeWindow } from '../../shared/domain/filter.ts';
import type { Outcome } from '../../shared/policy/decide.ts';

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
      readonly window: TimeWindow | null;
      /** Whether as if every application were closed. */
      readonly isClosed?: boolean;
      readonly outcomes?: readonly Outcome[];
      /** Id of a rule, or `default`. */
      readonly rule?: string;
      /** Flows a rule ought to permit, whether one does, of all applications or one by its name. */
      readonly needed?: { readonly isCovered: boolean; readonly application?: string };
    };

/** A number whose lines were asked for, and what it counts. */
export interface LinesAsked {
  /** What the lines are of, as in `SGTSWEB → TCP/443`. */
  readonly title: string;
  readonly wish: LinesWish;
}
