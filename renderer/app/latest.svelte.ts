import { Cancelled, Failure, textOf } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';

/** Anything thrown as a `Failure`: what is none becomes `internal` with the text as its cause. */
export function asFailure(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure('internal', {}, textOf(thrown));
}

/**
 * The answer to the newest of several questions. A newer question cancels the one before, and an
 * answer that comes late is dropped, so that slow answers never overwrite newer ones.
 */
export class Latest<T> {
  /** The newest answer; the one before stays until the next arrives. */
  value = $state.raw<T | null>(null);
  /** Why the newest question has no answer. */
  failure = $state.raw<Failure | null>(null);
  /** Whether an answer is awaited. */
  pending = $state(false);
  #running: AbortController | null = null;

  /** Asks anew. Never rejects: what goes wrong is in `failure`. */
  async run(ask: (signal: CancelSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const controller = new AbortController();
    this.#running = controller;
    this.pending = true;
    try {
      const value = await ask(controller.signal);
      if (this.#running !== controller) return;
      this.value = value;
      this.failure = null;
    } catch (thrown) {
      if (this.#running !== controller || thrown instanceof Cancelled) return;
      this.failure = asFailure(thrown);
    } finally {
      if (this.#running === controller) {
        this.#running = null;
        this.pending = false;
      }
    }
  }

  /** Cancels what is asked; the answer before it stays. */
  cancel(): void {
    this.#running?.abort();
    this.#running = null;
    this.pending = false;
  }

  /** Forgets the answer and cancels what is asked. */
  clear(): void {
    this.cancel();
    this.value = null;
    this.failure = null;
  }
}
