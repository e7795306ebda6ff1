import { describe, expect, it } from 'vitest';
import { createElectronPlatform } from '../../../renderer/app/electron-platform.ts';
import { ENGINE_PORT_MESSAGE, type ShellApi } from '../../../shared/ipc/shell-contract.ts';

function aShell(parts: Partial<ShellApi> = {}): ShellApi {
  return {
    info: { host: 'electron', platform: 'linux', version: '0.0.0' },
    chooseArchives: () => Promise.resolve([]),
    chooseProject: () => Promise.resolve(null),
    chooseSavePath: () => Promise.resolve(null),
    saveFile: () => Promise.resolve(null),
    pathOf: () => '',
    connectEngine: () => undefined,
    onMenuCommand: () => undefined,
    onOpenPaths: () => undefined,
    onEngineRestarted: () => undefined,
    ...parts,
  };
}

describe('the platform inside Electron', () => {
  it('takes the port only from its own window and only with the right message', async () => {
    const { port1, port2 } = new MessageChannel();
    const stranger = new MessageChannel();
    const send = (source: Window | null, data: unknown, port: MessagePort) => {
      const event = new MessageEvent('message', { source, data });
      Object.defineProperty(event, 'ports', { value: [port] });
      window.dispatchEvent(event);
    };
    const shell = aShell({
      connectEngine: () => {
        send(null, ENGINE_PORT_MESSAGE, stranger.port1);
        send(window, { segwright: 'other' }, stranger.port1);
        send(window, ENGINE_PORT_MESSAGE, port1);
      },
    });
    const port = await createElectronPlatform(window, shell).connect();
    const received = new Promise((resolve) => {
      port2.onmessage = (event: MessageEvent<unknown>) => {
        resolve(event.data);
      };
    });
    port.post({ hello: 1 });
    expect(await received).toEqual({ hello: 1 });
    for (const each of [port1, port2, stranger.port1, stranger.port2]) each.close();
  });

  it('asks where to save and tells nobody when that was cancelled', async () => {
    const platform = createElectronPlatform(window, aShell());
    const engine = {
      call: () => Promise.reject(new Error('must not be asked')),
      onNews: () => undefined,
      onClose: () => undefined,
      close: () => undefined,
    };
    const saved = await platform.save(engine, {
      request: { format: 'nsx-t' },
      baseName: 'a',
      files: [{ name: 'a.json', mediaType: 'application/json' }],
    });
    expect(saved).toBeNull();
  });
});
