import type { Address } from '../../net/address.ts';
import type { KeyFromPort } from '../service-set.ts';
import { boxContains, subtractBox, type Box } from './boxes.ts';

/** Pieces beyond which a search is given up. */
export const MAX_PIECES = 2_000;

/** One flow of a box. */
export interface BoxPoint {
  readonly source: Address;
  readonly destination: Address;
  readonly service: KeyFromPort;
}

/** Whether a flow is in a box. */
export function holdsPoint(box: Box, { source, destination, service }: BoxPoint): boolean {
  return (
    box.services.hasKey(service) && box.sources.has(source) && box.destinations.has(destination)
  );
}

/** Some flow of a box, another one for most other numbers; `undefined` for an empty box. */
export function samplePoint({ sources, destinations, services }: Box, number: number) {
  const source = sources.sample(number);
  const destination = destinations.sample(number * 7);
  const service = services.sample(number * 3);
  if (source === undefined || destination === undefined || service === undefined) return undefined;
  return { source, destination, service } satisfies BoxPoint;
}

/** What a search for a flow outside of some boxes came to. */
export type Coverage =
  /** Every flow is in one of them; the numbers of those that were looked at for it, in order. */
  | { readonly kind: 'covered'; readonly by: readonly number[] }
  /** A flow that is in none of them. */
  | { readonly kind: 'open'; readonly point: BoxPoint }
  /** The search was given up. */
  | { readonly kind: 'unknown' };

/**
 * Looks for a flow of a box that is in none of the others. It takes a flow of what is left and, where
 * another box has it, takes that box away: depth first, so that no more is built than the way to the
 * first such flow, or the proof that there is none.
 */
export function searchUncovered(box: Box, others: readonly (Box | null)[]): Coverage {
  const by = new Set<number>();
  const open: Box[] = [box];
  for (let pieces = 0; pieces <= MAX_PIECES; pieces++) {
    const piece = open.pop();
    if (piece === undefined) return { kind: 'covered', by: [...by].sort((a, b) => a - b) };
    const point = samplePoint(piece, 0);
    if (point === undefined) continue;
    let taken = -1;
    for (let other = 0; other < others.length; other++) {
      const candidate = others[other];
      if (candidate === null || candidate === undefined || !holdsPoint(candidate, point)) continue;
      if (taken < 0) taken = other;
      if (!boxContains(candidate, piece)) continue;
      taken = other;
      break;
    }
    const first = others[taken];
    if (first === null || first === undefined) return { kind: 'open', point };
    by.add(taken);
    open.push(...subtractBox(piece, first));
  }
  return { kind: 'unknown' };
}
