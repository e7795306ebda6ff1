import { bug } from '../../shared/failure/failure.ts';
import type { MainPort } from './message-port.ts';

/** What arrives from the shell: a record, and the ports that came with it. */
export interface ParentMessage {
  readonly data: unknown;
  readonly ports: readonly MainPort[];
}

/**
 * The part of Electron's `process.parentPort` an engine process uses
 * (https://www.electronjs.org/docs/latest/api/parent-port). Messages wait for the first listener.
 */
export interface ParentPort {
  on(event: 'message', listener: (message: ParentMessage) => void): unknown;
  postMessage(message: unknown): void;
}

/** The port to the shell. It exists only in an Electron utility process; anywhere else this throws. */
export function parentPortOf(host: object): ParentPort {
  const port: unknown = Reflect.get(host, 'parentPort');
  if (!isParentPort(port)) bug('the engine process was not started by the shell.');
  return port;
}

function isParentPort(port: unknown): port is ParentPort {
  return (
    typeof port === 'object' &&
    port !== null &&
    typeof Reflect.get(port, 'on') === 'function' &&
    typeof Reflect.get(port, 'postMessage') === 'function'
  );
}
