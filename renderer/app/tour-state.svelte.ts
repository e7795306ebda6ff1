/**
 * Where the user is on the guided tour. A step goes on to the next by itself once it is done, unless
 * it was done before the user came to it: then it is shown as done and waits.
 */
export class TourState {
  isOn = $state(false);
  /** Place among the steps; as many as there are steps once all are done. */
  at = $state(0);
  /** Whether the present step was done when it was reached; `null` until that was looked at. */
  #wasDone: boolean | null = null;

  /** Begins with the first step. */
  start(): void {
    this.isOn = true;
    this.#go(0);
  }

  end(): void {
    this.isOn = false;
  }

  /** Goes to the next step, or back. */
  step(by: 1 | -1): void {
    this.#go(Math.max(0, this.at + by));
  }

  /** Takes notice of whether the present step is done, and goes on where it has just been. */
  observe(isDone: boolean): void {
    if (this.#wasDone === null) this.#wasDone = isDone;
    else if (isDone && !this.#wasDone) this.#go(this.at + 1);
    else this.#wasDone = isDone;
  }

  #go(at: number): void {
    this.at = at;
    this.#wasDone = null;
  }
}
