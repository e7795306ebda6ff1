import { createClient } from '../../shared/ipc/client.ts';
import { createPortPair } from '../../shared/ipc/port.ts';
import { serve, type Connection } from '../../shared/ipc/server.ts';
import { describeContract } from './contract.ts';
import { openTempEngine } from './temp-engine.ts';

describeContract('a plain pair of ports', async () => {
  const temp = await openTempEngine();
  const { engine } = temp;
  const connections: Connection[] = [];
  engine.onNews((news) => {
    for (const connection of connections) connection.tell(news);
  });
  return {
    async connect() {
      const [near, far] = createPortPair();
      connections.push(serve(far, engine.handlers));
      return createClient(near);
    },
    close: () => temp.close(),
  };
});
