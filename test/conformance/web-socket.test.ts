import { startBrowserHost } from '../../main/host/browser-host.ts';
import { createClient } from '../../shared/ipc/client.ts';
import { describeContract } from './contract.ts';
import { connectToHost } from './host-client.ts';
import { openTempEngine } from './temp-engine.ts';

describeContract('a WebSocket of the browser host', async () => {
  const temp = await openTempEngine();
  const host = await startBrowserHost({ engine: temp.engine, pageFolder: temp.folder });
  return {
    connect: async () => createClient(await connectToHost(host)),
    async close() {
      await host.close();
      await temp.close();
    },
  };
});
