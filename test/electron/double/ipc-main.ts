import { EventEmitter } from 'node:events';
import { strict, violation } from './state.ts';
import { cloned } from './wire.ts';

type InvokeHandler = (event: unknown, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  private readonly handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (typeof handler !== 'function') violation('Expected handler to be a function');
    if (this.handlers.has(channel))
      violation(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }

  /** Runs a handler as `ipcRenderer.invoke` does. A handler that throws crosses only as text: a violation here. */
  async invoke(event: unknown, channel: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (handler === undefined) return violation(`No handler registered for '${channel}'`);
    try {
      return cloned(await handler(event, ...args));
    } catch (thrown) {
      return violation(`Error invoking remote method '${channel}': ${String(thrown)}`);
    }
  }

  /** Passes on what the page said. */
  hear(event: unknown, channel: string, args: readonly unknown[]): void {
    if (this.listenerCount(channel) === 0) violation(`nobody listens to '${channel}'`);
    this.emit(channel, event, ...args);
  }
}

/** The module `ipcMain`. */
export const ipcMain = strict('ipcMain', new IpcMain());
