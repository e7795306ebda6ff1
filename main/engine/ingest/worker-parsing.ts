import { Worker } from 'node:worker_threads';
import { Cancelled } from '../../../shared/failure/failure.ts';
import type { ColumnBatch } from '../store/event-writer.ts';
import { NameSync } from './name-sync.ts';
import type { Names } from './names.ts';
import { packedOffsets } from './packed-events.ts';
import type { FromParser, ToParser } from './parse-message.ts';
import { BATCH_ROWS, type ParseListener, type ParseTask, type Parsing } from './parsing.ts';

/** Chunks given to the thread and not answered yet. */
const MAX_UNDER_WAY = 4;

/** Bytes gathered before they are sent, so that small chunks cost no message each. */
const CHUNK_BYTES = 1 << 20;

const OFFSETS = packedOffsets(BATCH_ROWS);

/**
 * Parses in a thread of its own, so that reading, parsing and storing go on at once and questions
 * are answered meanwhile. Batches change hands without being copied.
 */
export class WorkerParsing implements Parsing {
  readonly #worker: Worker;
  readonly #sync: NameSync;
  #listener: ParseListener | undefined;
  #underWay = 0;
  #handing: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #ended: (() => void) | undefined;
  /** Why the thread can be used no more. */
  #error: Error | undefined;
  /** Why the listener of the source at hand takes no more. */
  #refusal: Error | undefined;
  #freeBytes: ArrayBuffer[] = [];
  #pending: Uint8Array | undefined;
  #pendingLength = 0;

  /** @param script the bundled parse-worker */
  constructor(script: string, names: Names) {
    this.#worker = new Worker(script);
    this.#worker.unref();
    this.#sync = new NameSync(names);
    this.#worker.on('message', (part: FromParser) => {
      this.#take(part);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('the parsing thread ended'));
    });
  }

  async begin(task: ParseTask, listener: ParseListener): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    this.#listener = listener;
    this.#refusal = undefined;
    this.#underWay = 0;
    this.#pendingLength = 0;
    this.#handing = Promise.resolve();
    this.#post({ kind: 'begin', task, fresh: this.#sync.take() });
  }

  async push(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const pending =
        this.#pending ?? new Uint8Array(this.#freeBytes.pop() ?? new ArrayBuffer(CHUNK_BYTES));
      this.#pending = pending;
      const part = chunk.subarray(at, at + pending.length - this.#pendingLength);
      pending.set(part, this.#pendingLength);
      this.#pendingLength += part.length;
      at += part.length;
      if (this.#pendingLength === pending.length) await this.#send();
    }
  }

  async end(isBrokenOff: boolean): Promise<void> {
    if (this.#pendingLength > 0) await this.#send();
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#post({ kind: 'end', isBrokenOff });
    await ended;
    await this.#handing;
    this.#listener = undefined;
    this.#throwIfFailed();
  }

  async abandon(): Promise<void> {
    if (this.#listener === undefined) return;
    this.#listener = { ...SILENT };
    this.#pendingLength = 0;
    await this.end(true).catch(() => undefined);
  }

  release(batch: ColumnBatch): void {
    this.#post({ kind: 'release', buffer: batch.buffer }, [batch.buffer]);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #send(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#underWay++;
    const bytes = pending.buffer as ArrayBuffer;
    this.#post({ kind: 'chunk', bytes, length: this.#pendingLength }, [bytes]);
    this.#pendingLength = 0;
    while (this.#underWay >= MAX_UNDER_WAY && this.#error === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    const error = this.#error ?? this.#refusal;
    if (error !== undefined) throw error;
  }

  #post(message: ToParser, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Hands parts to the listener in order; a chunk counts as under way until its events are taken. */
  #take(part: FromParser): void {
    this.#sync.give(part.fresh);
    if (part.bytes !== null) this.#freeBytes.push(part.bytes);
    this.#handing = this.#handing
      .then(() => this.#hand(part))
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Cancelled)) {
          this.#refusal ??= thrown instanceof Error ? thrown : new Error(String(thrown));
        }
      })
      .finally(() => {
        if (part.isLast) this.#ended?.();
        else this.#underWay--;
        this.#wake?.();
      });
  }

  async #hand(part: FromParser): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    if (this.#refusal !== undefined) {
      for (const { buffer } of part.batches) this.#post({ kind: 'release', buffer }, [buffer]);
      return;
    }
    listener.state(part.state);
    for (const reject of part.rejects) listener.reject(reject);
    for (const { buffer, rows } of part.batches) {
      await listener.batch({ buffer, rows, offsets: OFFSETS });
    }
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake?.();
    this.#ended?.();
  }
}

const SILENT: ParseListener = {
  batch: async () => undefined,
  reject: () => undefined,
  state: () => undefined,
};
