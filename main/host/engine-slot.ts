import { inspect } from 'node:util';
import { Failure } from '../../shared/failure/failure.ts';
import {
  engineContract,
  type Args,
  type CallContext,
  type CallName,
  type Handlers,
  type Reply,
} from '../../shared/ipc/contract.ts';
import type { News } from '../../shared/ipc/message.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine/engine.ts';

/** Clients keep one set of handlers while the engine behind it is opened, fails, or is replaced. */
export interface EngineSlot {
  readonly handlers: Handlers;
  onNews(listener: (news: News) => void): void;
  /** Called with the path of each project a client had opened. */
  onProjectOpened(listener: (path: string) => void): void;
  close(): Promise<void>;
}

type AnyHandler = <K extends CallName>(
  name: K,
  args: Args<K>,
  context: CallContext,
) => Promise<Reply<K>>;

function handlersFrom(handler: AnyHandler): Handlers {
  const names = Object.keys(engineContract);
  // The table has exactly the contract's names; each reply comes from the engine's own handler.
  return Object.fromEntries(
    names.map((name) => [
      name,
      (args: never, context: CallContext) => handler(name as CallName, args, context),
    ]),
  ) as unknown as Handlers;
}

/**
 * Starts opening the project. Where it cannot be opened, every call is answered with the reason,
 * except `project.open`, which may open another one.
 */
export function createEngineSlot(options: EngineOptions): EngineSlot {
  const newsListeners: ((news: News) => void)[] = [];
  const openedListeners: ((path: string) => void)[] = [];
  let engine = open(options);

  async function open(wanted: EngineOptions): Promise<Engine> {
    const opened = await createEngine(wanted);
    opened.onNews(tell);
    return opened;
  }

  function tell(news: News): void {
    for (const listener of newsListeners) listener(news);
  }

  async function answer<K extends CallName>(
    name: K,
    args: Args<K>,
    context: CallContext,
  ): Promise<Reply<K>> {
    const { handlers } = await engine;
    return handlers[name](args, context);
  }

  async function openProject(args: Args<'project.open'>, context: CallContext) {
    const running = await settled(engine);
    if (running === null) {
      const replacement = open({ ...options, projectPath: args.path });
      await replacement;
      engine = replacement;
      tell('project');
    }
    const project = await (running === null
      ? answer('project.read', {}, context)
      : running.handlers['project.open'](args, context));
    for (const listener of openedListeners) listener(project.path);
    return project;
  }

  // A failed start is told to the clients that call, not to Node as an unhandled rejection.
  void settled(engine);
  return {
    handlers: { ...handlersFrom(answer), 'project.open': openProject },
    onNews: (listener) => void newsListeners.push(listener),
    onProjectOpened: (listener) => void openedListeners.push(listener),
    async close() {
      await (await settled(engine))?.close();
    },
  };
}

async function settled(engine: Promise<Engine>): Promise<Engine | null> {
  try {
    return await engine;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) process.stderr.write(`${inspect(thrown)}\n`);
    return null;
  }
}
