import * as v from 'valibot';
import type { Progress } from '../domain/archive.ts';
import { Cancelled, Failure, fromRecord } from '../failure/failure.ts';
import type { CallName, CallOptions, EngineClient, Reply } from './contract.ts';
import { serverMessage, type ClientMessage, type News } from './message.ts';
import type { Port } from './port.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/**
 * A caller's end of the contract over any port.
 *
 * Replies are trusted to have the contract's shape: the engine is the same program, and its
 * handlers are typed by the same table.
 */
export function createClient(port: Port): EngineClient {
  const pending = new Map<number, Pending>();
  const newsListeners: ((news: News) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let lastId = 0;
  let closed = false;

  const post = (message: ClientMessage) => {
    port.post(message);
  };

  function settle(id: number): Pending | undefined {
    const entry = pending.get(id);
    pending.delete(id);
    return entry;
  }

  port.onMessage((message) => {
    const parsed = v.safeParse(serverMessage, message);
    if (!parsed.success) return;
    const answer = parsed.output;
    switch (answer.kind) {
      case 'progress':
        pending.get(answer.id)?.onProgress?.(answer.progress as Progress);
        return;
      case 'reply':
        settle(answer.id)?.resolve(answer.value);
        return;
      case 'failure':
        settle(answer.id)?.reject(fromRecord(answer.failure));
        return;
      case 'cancelled':
        settle(answer.id)?.reject(new Cancelled());
        return;
      case 'news':
        for (const listener of newsListeners) listener(answer.news);
    }
  });

  function stop(): void {
    closed = true;
    for (const entry of pending.values()) entry.reject(new Failure('connection-lost'));
    pending.clear();
  }

  port.onClose(() => {
    stop();
    for (const listener of closeListeners) listener();
  });

  function start(name: CallName, args: unknown, options: CallOptions): Promise<unknown> {
    const { signal, onProgress } = options;
    if (signal?.aborted === true) return Promise.reject(new Cancelled());
    if (closed) return Promise.reject(new Failure('connection-lost'));
    const id = ++lastId;
    const cancel = () => {
      post({ kind: 'cancel', id });
    };
    signal?.addEventListener('abort', cancel);
    return new Promise<unknown>((resolve, reject) => {
      pending.set(id, { resolve, reject, onProgress });
      post({ kind: 'call', id, name, args });
    }).finally(() => {
      signal?.removeEventListener('abort', cancel);
    });
  }

  return {
    async call<K extends CallName>(name: K, args: unknown, options: CallOptions = {}) {
      return (await start(name, args, options)) as Reply<K>;
    },
    onNews: (listener) => void newsListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      stop();
      port.close();
    },
  };
}
