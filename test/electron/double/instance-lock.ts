import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync, closeSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode, encode } from './wire.ts';

type SecondInstance = (argv: readonly string[], cwd: string, data: unknown) => void;

interface Message {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly data: string;
}

let server: Server | undefined;
let held: string | undefined;
let telling: Promise<void> = Promise.resolve();

/** Takes the lock of a user's data folder, or tells its holder that there is a second instance. */
export function takeLock(userData: string, data: unknown, onSecond: SecondInstance): boolean {
  mkdirSync(userData, { recursive: true });
  const file = path.join(userData, 'SingletonLock');
  const socket = socketOf(userData);
  try {
    const handle = openSync(file, 'wx');
    writeFileSync(handle, socket);
    closeSync(handle);
  } catch {
    telling = tell(readFileSync(file, 'utf8'), {
      argv: process.argv,
      cwd: process.cwd(),
      data: encode(data),
    });
    return false;
  }
  held = file;
  server = createServer((connection) => {
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (part: string) => {
      text += part;
    });
    connection.on('end', () => {
      const message = JSON.parse(text) as Message;
      // Chromium reorders a command line and adds to it, so nobody may rely on it.
      onSecond([...message.argv].reverse(), message.cwd, decode(message.data));
      connection.end();
    });
  });
  server.listen(socket).unref();
  return true;
}

/** Gives the lock back, or waits until the holder was told. */
export async function releaseLock(): Promise<void> {
  server?.close();
  if (held !== undefined) rmSync(held, { force: true });
  await telling;
}

function socketOf(userData: string): string {
  if (process.platform !== 'win32') return path.join(userData, 'SingletonSocket');
  return `\\\\.\\pipe\\segwright-double-${process.pid.toString()}`;
}

async function tell(socket: string, message: Message): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const told = await new Promise<boolean>((resolve) => {
      const connection = connect({ path: socket, allowHalfOpen: true }, () => {
        connection.end(JSON.stringify(message));
      });
      connection.resume();
      connection.on('end', () => {
        resolve(true);
      });
      connection.on('error', () => {
        resolve(false);
      });
    });
    if (told) return;
    await sleep(100);
  }
}
