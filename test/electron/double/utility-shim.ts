/**
 * Loaded before the entry of a utility process: gives it `process.parentPort`
 * (https://www.electronjs.org/docs/latest/api/parent-port). `electron` cannot be imported there.
 */
import { EventEmitter } from 'node:events';
import { register } from 'node:module';
import type { FromUtility, ToUtility } from './utility-process.ts';
import { cloned } from './wire.ts';

register(
  `data:text/javascript,${encodeURIComponent(`
    export async function resolve(specifier, context, next) {
      if (/^electron($|\\/)/.test(specifier)) throw new Error('electron was imported by a utility process');
      return next(specifier, context);
    }`)}`,
);

function tell(message: FromUtility): void {
  process.send?.(message);
}

class UtilityPort extends EventEmitter {
  private readonly id: string;
  private started = false;
  private closed = false;
  private readonly waiting: unknown[] = [];

  constructor(id: string) {
    super();
    this.id = id;
  }

  postMessage(value: unknown): void {
    if (!this.closed) tell({ kind: 'port', port: this.id, value: cloned(value) });
  }

  start(): void {
    this.started = true;
    for (const value of this.waiting.splice(0)) this.emit('message', { data: value, ports: [] });
  }

  close(): void {
    this.closed = true;
    tell({ kind: 'port-close', port: this.id });
  }

  receive(value: unknown): void {
    if (this.started) this.emit('message', { data: value, ports: [] });
    else this.waiting.push(value);
  }

  closeByPeer(): void {
    this.closed = true;
    this.emit('close');
  }
}

class ParentPort extends EventEmitter {
  postMessage(value: unknown): void {
    tell({ kind: 'message', value: cloned(value) });
  }
}

const ports = new Map<string, UtilityPort>();
const parentPort = new ParentPort();
const early: (() => void)[] = [];
let flowing = false;

parentPort.on('newListener', (name) => {
  if (name !== 'message' || flowing) return;
  flowing = true;
  setImmediate(() => {
    for (const task of early.splice(0)) task();
  });
});

process.on('message', (message: ToUtility) => {
  if (message.kind === 'port') ports.get(message.port)?.receive(message.value);
  else if (message.kind === 'port-close') ports.get(message.port)?.closeByPeer();
  else arrive(message.value, message.ports);
});

function arrive(value: unknown, ids: readonly string[]): void {
  const received = ids.map((id) => {
    const port = new UtilityPort(id);
    ports.set(id, port);
    return port;
  });
  const emit = () => void parentPort.emit('message', { data: value, ports: received });
  if (flowing && early.length === 0) emit();
  else early.push(emit);
}

Object.defineProperty(process, 'parentPort', { value: parentPort });
Object.defineProperty(process, 'type', { value: 'utility' });
process.on('disconnect', () => {
  process.exit(0);
});
