import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createMainPort, type MainPort } from '../../main/host/message-port.ts';
import { createClient } from '../../shared/ipc/client.ts';
import { serve, type Connection } from '../../shared/ipc/server.ts';
import { describeContract } from './contract.ts';
import { openTempEngine } from './temp-engine.ts';

/** Node's message port in the shape of Electron's, which wraps messages in events. */
function electronLike(port: MessagePort): MainPort {
  return {
    postMessage: (message) => {
      port.postMessage(message);
    },
    on: (_event, listener) =>
      port.on('message', (data: unknown) => {
        listener({ data });
      }),
    once: (event, listener) => port.once(event, listener),
    start: () => {
      port.start();
    },
    close: () => {
      port.close();
    },
  };
}

describeContract('a message channel', async () => {
  const temp = await openTempEngine();
  const { engine } = temp;
  const connections: Connection[] = [];
  engine.onNews((news) => {
    for (const connection of connections) connection.tell(news);
  });
  return {
    async connect() {
      const { port1, port2 } = new MessageChannel();
      connections.push(serve(createMainPort(electronLike(port1)), engine.handlers));
      return createClient(createMainPort(electronLike(port2)));
    },
    close: () => temp.close(),
  };
});
