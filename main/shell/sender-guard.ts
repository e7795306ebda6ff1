import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebFrameMain } from 'electron';
import { Failure, toRecord } from '../../shared/failure/failure.ts';
import { APP_HOST, APP_SCHEME, type ShellAnswer } from '../../shared/ipc/shell-channels.ts';
import { log } from './log.ts';

/**
 * The frame a message came from, if it is the top frame of our own page. A frame that has gone or
 * navigated away is `null` (https://www.electronjs.org/docs/latest/tutorial/security#17).
 */
function trustedFrame(event: IpcMainEvent | IpcMainInvokeEvent): WebFrameMain | undefined {
  const frame = event.senderFrame;
  if (frame?.parent !== null) return undefined;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : undefined;
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST ? frame : undefined;
}

/** Answers a question of the page. Other senders get a failure; nothing is thrown across. */
export function answer<Value>(
  channel: string,
  handler: (event: IpcMainInvokeEvent, ...args: readonly unknown[]) => Promise<Value>,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<ShellAnswer<Value>> => {
    try {
      if (trustedFrame(event) === undefined) {
        const problem = 'it did not come from the page of Segwright';
        throw new Failure('bad-arguments', { call: channel, problem });
      }
      return { ok: true, value: await handler(event, ...args) };
    } catch (thrown) {
      return { ok: false, failure: toRecord(thrown) };
    }
  });
}

/** Hears what the page says. What other senders say is dropped. */
export function hear(channel: string, listener: (frame: WebFrameMain) => void): void {
  ipcMain.on(channel, (event) => {
    const frame = trustedFrame(event);
    if (frame === undefined) log(`Dropped "${channel}" of a foreign sender.`);
    else listener(frame);
  });
}
