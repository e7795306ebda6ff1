/** A part of what the user looks at that steps back and forward bring back. */
export interface Keeper {
  /** What the part is now, as a text: a step is made where it changes. Read reactively. */
  readonly key: () => string;
  /** Takes down what the part is now; calling the result brings it back. */
  readonly take: () => () => void;
}

interface Step {
  readonly key: string;
  readonly restore: () => void;
}

/** How long the user must rest on something for it to become a step of its own, in milliseconds. */
export const TRAIL_REST_MS = 350;
const MOST_STEPS = 100;

/** What the user looked at, step by step, so that it can be gone back and forward. */
export class Trail {
  #keepers: readonly Keeper[] = [];
  #past = $state.raw<readonly Step[]>([]);
  #present: Step | null = null;
  #future = $state.raw<readonly Step[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly canGoBack: boolean = $derived(this.#past.length > 0);
  readonly canGoForward: boolean = $derived(this.#future.length > 0);

  /** Adds a part to what a step is made of. */
  keep(keeper: Keeper): void {
    this.#keepers = [...this.#keepers, keeper];
  }

  /** What is looked at now, as a text. */
  get key(): string {
    return this.#keepers.map(({ key }) => key()).join('\n');
  }

  /** Follows what is looked at; for an effect, which runs again whenever that changes. */
  watch(): void {
    if (this.#present?.key !== this.key) this.touch();
  }

  /** Something may have changed: it is taken down when the user rests on it. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.settle();
    }, TRAIL_REST_MS);
  }

  /** Takes down what is looked at now: a new step where it differs, else the present one renewed. */
  settle(): void {
    clearTimeout(this.#timer);
    const { key } = this;
    if (this.#present !== null && this.#present.key !== key) {
      this.#past = [...this.#past, this.#present].slice(-MOST_STEPS);
      this.#future = [];
    }
    this.#present = this.#take(key);
  }

  /** Forgets all steps: another project was opened. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#past = [];
    this.#future = [];
    this.#present = null;
  }

  #take(key: string): Step {
    const restores = this.#keepers.map(({ take }) => take());
    return {
      key,
      restore: () => {
        for (const restore of restores) restore();
      },
    };
  }

  back(): void {
    this.settle();
    const step = this.#past.at(-1);
    if (step === undefined || this.#present === null) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#present, ...this.#future];
    this.#show(step);
  }

  forward(): void {
    this.settle();
    const [step, ...rest] = this.#future;
    if (step === undefined || this.#present === null) return;
    this.#future = rest;
    this.#past = [...this.#past, this.#present];
    this.#show(step);
  }

  #show(step: Step): void {
    this.#present = step;
    step.restore();
  }
}
