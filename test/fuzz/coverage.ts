import { Session, type Profiler } from 'node:inspector';

/** The ranges of a function that ran. */
export interface Reached {
  readonly url: string;
  readonly ranges: readonly Profiler.CoverageRange[];
}

interface FunctionBlocks {
  /** 1 for each character of the function's source that ran. */
  readonly reached: Uint8Array;
  /** Where ranges began or ended within it. */
  readonly edges: Set<number>;
}

/** What V8 has seen run of some scripts, block by block, since the beginning. */
export class BlockCoverage {
  readonly #session = new Session();
  readonly #isWatched: (url: string) => boolean;
  /** By address and place: a function's source holds that of functions within it, which count apart. */
  readonly #functions = new Map<string, FunctionBlocks>();

  /**
   * Begins to count. V8 counts the blocks only of functions compiled later, so load what is to be
   * watched behind this.
   *
   * @param isWatched whether the script of an address is watched
   */
  constructor(isWatched: (url: string) => boolean) {
    this.#isWatched = isWatched;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * What ran since the last look: what never ran before, which stays new until it is kept, and how
   * many blocks ran in all, each as often as it did.
   */
  look(): { readonly reached: readonly Reached[]; readonly work: number } {
    const reached: Reached[] = [];
    let work = 0;
    for (const { url, functions } of this.#since()) {
      if (!this.#isWatched(url)) continue;
      for (const { ranges } of functions) {
        for (const { count } of ranges) work += count;
        if (this.#merge(url, ranges, false)) reached.push({ url, ranges });
      }
    }
    return { reached, work };
  }

  /** Counts what a look told of as reached. */
  keep(reached: readonly Reached[]): void {
    for (const { url, ranges } of reached) this.#merge(url, ranges, true);
  }

  /** How many blocks were reached: stretches of source between any two edges V8 told of. */
  get blocks(): number {
    let count = 0;
    for (const { reached, edges } of this.#functions.values()) {
      for (const edge of edges) if (reached[edge] === 1) count++;
    }
    return count;
  }

  /** Stops counting. */
  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #since(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = [];
    // Within one thread the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (failure, answer) => {
      if (failure !== null) throw failure;
      result = answer.result;
    });
    return result;
  }

  /**
   * Whether ranges of a function hold something new. They come the outer before the inner, where
   * each overrides those around it.
   */
  #merge(url: string, ranges: readonly Profiler.CoverageRange[], isKept: boolean): boolean {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return false;
    const { startOffset: from, endOffset: to } = whole;
    const now = new Uint8Array(to - from);
    for (const { startOffset, endOffset, count } of ranges) {
      now.fill(count > 0 ? 1 : 0, startOffset - from, endOffset - from);
    }
    const key = `${url}:${from}:${to}`;
    const { reached, edges } = this.#functions.get(key) ?? {
      reached: new Uint8Array(to - from),
      edges: new Set(),
    };
    const isNew = now.some((ran, at) => ran === 1 && reached[at] !== 1);
    if (!isKept) return isNew;
    this.#functions.set(key, { reached, edges });
    now.forEach((ran, at) => {
      if (ran === 1) reached[at] = 1;
    });
    for (const { startOffset, endOffset } of ranges) {
      edges.add(startOffset - from).add(endOffset - from);
    }
    return isNew;
  }
}
