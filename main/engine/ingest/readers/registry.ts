import { nsxDfw } from './nsx-dfw.ts';
import type { ReaderContext, ReaderKind } from './reader.ts';

/** Every kind of log that is read. A new one is added here and nowhere else. */
export const READER_KINDS: readonly ReaderKind[] = [nsxDfw];

/** The kind that recognises the file best; nothing where none does. */
export function chooseReader(context: ReaderContext): ReaderKind | undefined {
  let best: ReaderKind | undefined;
  let bestShare = 0;
  for (const kind of READER_KINDS) {
    const share = kind.recognise(context);
    if (share > bestShare) {
      best = kind;
      bestShare = share;
    }
  }
  return best;
}
