import { Cancelled, textOf, type Failure } from '../../shared/failure/failure.ts';
import { asFailure } from './latest.svelte.ts';

/** A short message in the corner of the window. */
export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'good' | 'bad';
  readonly text: string;
  /** Facts for a trouble report, offered for copying. */
  readonly details: string | null;
  /** What it is about: a newer one about the same takes its place. */
  readonly topic: 'history' | null;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MS = { plain: 6_000, good: 6_000, bad: 12_000 } as const;
const MOST = 3;

function detailsOf(failure: Failure): string | null {
  if (failure.code !== 'internal') return null;
  const cause = failure.cause === undefined ? 'no cause was given' : textOf(failure.cause);
  return `${failure.code}: ${cause}\n${JSON.stringify(failure.details)}`;
}

/** The messages shown in the corner of the window, the newest last. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #lastId = 0;

  /** Shows a sentence for some seconds. */
  say(
    text: string,
    options: Partial<Pick<Toast, 'tone' | 'details' | 'topic' | 'action'>> = {},
  ): void {
    const { tone = 'plain', details = null, topic = null, action = null } = options;
    const toast: Toast = { id: ++this.#lastId, tone, text, details, topic, action };
    if (topic !== null) this.dismissTopic(topic);
    this.list = [...this.list.filter((each) => each.text !== text), toast].slice(-MOST);
    setTimeout(() => {
      this.dismiss(toast.id);
    }, SHOWN_MS[tone]);
  }

  /** Shows the sentence of whatever was thrown; nothing for what the user cancelled. */
  fail(thrown: unknown): void {
    if (thrown instanceof Cancelled) return;
    const failure = asFailure(thrown);
    this.say(failure.message, { tone: 'bad', details: detailsOf(failure) });
  }

  /** Takes away what is said about a topic, because it is about to change. */
  dismissTopic(topic: 'history'): void {
    this.list = this.list.filter((toast) => toast.topic !== topic);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
