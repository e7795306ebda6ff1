import { MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import * as v from 'valibot';
import { Failure } from '../../shared/failure/failure.ts';
import {
  engineNotice,
  type EngineOrder,
  type EngineStart,
} from '../../shared/ipc/engine-control.ts';
import { log } from './log.ts';

/** Keeps the engine process running and hands out ports to it. */
export interface EngineSupervisor {
  /**
   * A port to the engine, or the reason why there is none once the engine has been given up. While
   * the engine is being started again, messages wait in the port.
   */
  connect(): MessagePortMain | Failure;
  /** Lets the engine save and end. */
  stop(): Promise<void>;
}

/** What is supervised, and whom to tell. */
export interface SupervisorOptions {
  /** The engine process's entry file. */
  readonly entry: string;
  readonly start: EngineStart;
  /** The engine died: started again (`engine-stopped`) or given up (`engine-down`). */
  readonly onDeath: (failure: Failure) => void;
}

const LIMIT = { deaths: 3, withinMs: 60_000 };
const FIRST_PAUSE_MS = 200;
const LAST_WORDS_MS = 5_000;

/** Starts the engine process. */
export function superviseEngine({ entry, start, onDeath }: SupervisorOptions): EngineSupervisor {
  let engine: UtilityProcess | undefined;
  let projectPath = start.projectPath;
  let deaths: readonly number[] = [];
  let waiting: readonly MessagePortMain[] = [];
  let stopping = false;
  let givenUp: Failure | undefined;
  let restart: NodeJS.Timeout | undefined;

  function launch(): void {
    const argument: EngineStart = { ...start, projectPath };
    const child = utilityProcess.fork(entry, [JSON.stringify(argument)], {
      serviceName: 'Segwright engine',
    });
    engine = child;
    child.on('message', (message: unknown) => {
      const notice = v.safeParse(engineNotice, message);
      if (notice.success) projectPath = notice.output.path;
    });
    child.once('exit', (code) => {
      engine = undefined;
      if (!stopping) buryAfter(code);
    });
    for (const port of waiting) handOver(child, port);
    waiting = [];
  }

  function buryAfter(code: number): void {
    log(`The engine process ended with exit code ${code.toString()}.`);
    const now = Date.now();
    deaths = [...deaths.filter((time) => now - time < LIMIT.withinMs), now];
    if (deaths.length >= LIMIT.deaths) {
      giveUp();
      return;
    }
    restart = setTimeout(
      () => {
        launch();
        onDeath(new Failure('engine-stopped'));
      },
      FIRST_PAUSE_MS * 2 ** (deaths.length - 1),
    );
  }

  function giveUp(): void {
    givenUp = new Failure('engine-down', { times: LIMIT.deaths });
    for (const port of waiting) port.close();
    waiting = [];
    onDeath(givenUp);
  }

  launch();
  return {
    connect() {
      if (givenUp !== undefined) return givenUp;
      const { port1, port2 } = new MessageChannelMain();
      if (engine === undefined) waiting = [...waiting, port1];
      else handOver(engine, port1);
      return port2;
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (engine !== undefined) await ended(engine);
    },
  };
}

function handOver(engine: UtilityProcess, port: MessagePortMain): void {
  const order: EngineOrder = { kind: 'connect' };
  engine.postMessage(order, [port]);
}

function ended(engine: UtilityProcess): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => {
      engine.kill();
    }, LAST_WORDS_MS);
    engine.once('exit', () => {
      clearTimeout(impatience);
      resolve();
    });
    const order: EngineOrder = { kind: 'close' };
    engine.postMessage(order);
  });
}
