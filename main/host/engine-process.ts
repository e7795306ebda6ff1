import { inspect } from 'node:util';
import * as v from 'valibot';
import {
  engineOrder,
  engineStart,
  type EngineNotice,
  type EngineStart,
} from '../../shared/ipc/engine-control.ts';
import { serve, type Connection } from '../../shared/ipc/server.ts';
import { createEngineSlot } from './engine-slot.ts';
import { createMainPort, type MainPort } from './message-port.ts';
import { parentPortOf } from './parent-port.ts';

const shell = parentPortOf(process);
const slot = createEngineSlot(startOf(process.argv.at(-1)));
const connections = new Set<Connection>();

slot.onNews((news) => {
  for (const connection of connections) connection.tell(news);
});
slot.onProjectOpened((path) => {
  const notice: EngineNotice = { kind: 'project-opened', path };
  shell.postMessage(notice);
});
shell.on('message', ({ data, ports }) => {
  const order = v.parse(engineOrder, data);
  if (order.kind === 'connect') ports.forEach(connect);
  else void end();
});

function startOf(argument: string | undefined): EngineStart {
  return v.parse(engineStart, JSON.parse(argument ?? 'null'));
}

function connect(mainPort: MainPort): void {
  const port = createMainPort(mainPort);
  const connection = serve(port, slot.handlers);
  connections.add(connection);
  port.onClose(() => void connections.delete(connection));
}

async function end(): Promise<void> {
  try {
    await slot.close();
  } catch (thrown) {
    process.stderr.write(`${inspect(thrown)}\n`);
  }
  process.exit(0);
}
