import * as v from 'valibot';
import { Cancelled, Failure, toRecord } from '../failure/failure.ts';
import { createCancelSource, type CancelSource } from './cancel.ts';
import { engineContract, type CallContext, type CallName, type Handlers } from './contract.ts';
import { clientMessage, type News, type ServerMessage } from './message.ts';
import type { Port } from './port.ts';

/** A server's hold on one client. */
export interface Connection {
  /** Tells the client that something changed. */
  tell(news: News): void;
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(engineContract, name);
}

/** Arguments that were checked, bound to the handler that takes them. */
function prepare(handlers: Handlers, name: string, args: unknown) {
  if (!isCallName(name)) throw new Failure('unknown-call', { call: name });
  return bind(handlers, name, args);
}

function bind<K extends CallName>(handlers: Pick<Handlers, K>, name: K, args: unknown) {
  const checked = v.safeParse(engineContract[name].args, args);
  if (!checked.success) {
    const [issue] = checked.issues;
    const where = v.getDotPath(issue);
    const problem = where === null ? issue.message : `${where}: ${issue.message}`;
    throw new Failure('bad-arguments', { call: name, problem });
  }
  const output = checked.output;
  const handler: (args: typeof output, context: CallContext) => Promise<unknown> = handlers[name];
  return (context: CallContext) => handler(output, context);
}

/**
 * Answers the calls that arrive on a port: arguments are checked against the contract, errors leave
 * as plain records, cancelled calls answer `cancelled`. When the port closes, running calls are cancelled.
 */
export function serve(port: Port, handlers: Handlers): Connection {
  const running = new Map<number, CancelSource>();
  const post = (message: ServerMessage) => {
    port.post(message);
  };

  async function answer(id: number, name: string, args: unknown): Promise<void> {
    const source = createCancelSource();
    running.set(id, source);
    try {
      const invoke = prepare(handlers, name, args);
      const value = await invoke({
        signal: source.signal,
        report: (progress) => {
          if (!source.signal.aborted) post({ kind: 'progress', id, progress });
        },
      });
      post({ kind: 'reply', id, value });
    } catch (thrown) {
      if (thrown instanceof Cancelled) post({ kind: 'cancelled', id });
      else post({ kind: 'failure', id, failure: toRecord(thrown) });
    } finally {
      running.delete(id);
    }
  }

  port.onMessage((message) => {
    const parsed = v.safeParse(clientMessage, message);
    if (!parsed.success) return;
    const request = parsed.output;
    if (request.kind === 'cancel') running.get(request.id)?.cancel();
    else if (!running.has(request.id)) void answer(request.id, request.name, request.args);
  });
  port.onClose(() => {
    for (const source of running.values()) source.cancel();
  });
  return {
    tell: (news) => {
      post({ kind: 'news', news });
    },
  };
}
