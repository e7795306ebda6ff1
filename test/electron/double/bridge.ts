/**
 * The copying rules of Electron's context bridge between two worlds of one page
 * (https://www.electronjs.org/docs/latest/api/context-bridge): values are copied, functions and
 * promises are proxied, errors keep only their message, prototypes are dropped.
 */

type Packed =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Packed])[] }
  | { readonly kind: 'array'; readonly items: readonly Packed[] }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'promise'; readonly id: number }
  | { readonly kind: 'seen'; readonly index: number };

type BridgeMessage =
  | { readonly kind: 'expose'; readonly key: string; readonly api: Packed }
  | { readonly kind: 'call'; readonly id: number; readonly args: Packed }
  | { readonly kind: 'result'; readonly ok: boolean; readonly value: Packed }
  | { readonly kind: 'settle'; readonly id: number; readonly ok: boolean; readonly value: Packed }
  | { readonly kind: 'note'; readonly note: unknown };

type Callable = (...args: unknown[]) => unknown;

/** One world's end of the bridge. */
export interface BridgeEnd {
  /** Puts a frozen copy of the object on the other world's `window`. */
  expose(key: string, api: unknown): void;
  /** Sends a plain record to the other world's `onNote`. */
  note(note: unknown): void;
}

/** What an end does with notes of the other one. */
export type NoteListener = (note: unknown) => void;

const DEPTH_LIMIT = 1_000;

/** Opens one end; messages travel as events named after the secret, which Chromium clones. */
export function openBridge(incoming: string, outgoing: string, onNote: NoteListener): BridgeEnd {
  const functions = new Map<number, Callable>();
  const promises = new Map<number, { resolve: Callable; reject: Callable }>();
  let lastId = 0;
  let lastResult: Extract<BridgeMessage, { kind: 'result' }> | undefined;
  const target = document;
  const dispatch = target.dispatchEvent.bind(target);
  const EventClass = CustomEvent;

  function send(message: BridgeMessage): typeof lastResult {
    lastResult = undefined;
    dispatch(new EventClass(outgoing, { detail: message }));
    return lastResult;
  }

  function pack(value: unknown, depth = 0, seen = new Map<object, number>()): Packed {
    if (depth >= DEPTH_LIMIT)
      throw new TypeError(
        'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.',
      );
    if (typeof value === 'symbol') return { kind: 'value', value: undefined };
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
      return { kind: 'value', value };
    const index = seen.get(value);
    if (index !== undefined) return { kind: 'seen', index };
    seen.set(value, seen.size);
    if (typeof value === 'function') {
      functions.set(++lastId, value as Callable);
      return { kind: 'function', id: lastId };
    }
    if (value instanceof Promise) return packPromise(value);
    if (value instanceof Error) return { kind: 'error', message: value.message };
    refuseProxies(value);
    if (Array.isArray(value))
      return { kind: 'array', items: value.map((item) => pack(item, depth + 1, seen)) };
    if (isPlain(value)) {
      const entries = Object.entries(value);
      return {
        kind: 'object',
        entries: entries.map(([key, item]) => [key, pack(item, depth + 1, seen)] as const),
      };
    }
    return { kind: 'value', value: structuredClone(value) };
  }

  function packPromise(promise: Promise<unknown>): Packed {
    const id = ++lastId;
    promise.then(
      (value) => send({ kind: 'settle', id, ok: true, value: pack(value) }),
      (reason: unknown) => send({ kind: 'settle', id, ok: false, value: pack(reason) }),
    );
    return { kind: 'promise', id };
  }

  function unpack(packed: Packed, made: unknown[] = []): unknown {
    const keep = <Value>(value: Value): Value => {
      made.push(value);
      return value;
    };
    switch (packed.kind) {
      case 'value':
        if (typeof packed.value === 'object' && packed.value !== null) keep(packed.value);
        return packed.value;
      case 'seen':
        return made[packed.index];
      case 'error':
        return keep(new Error(packed.message));
      case 'function':
        return keep(proxyOf(packed.id));
      case 'promise':
        return keep(
          new Promise((resolve, reject) => {
            promises.set(packed.id, { resolve, reject });
          }),
        );
      case 'array': {
        const array = keep<unknown[]>([]);
        for (const item of packed.items) array.push(unpack(item, made));
        return array;
      }
      case 'object': {
        const object = keep({});
        for (const [key, item] of packed.entries)
          Object.defineProperty(object, key, {
            value: unpack(item, made),
            enumerable: true,
            writable: true,
            configurable: true,
          });
        return object;
      }
    }
  }

  function proxyOf(id: number): Callable {
    return (...args) => {
      const result = send({ kind: 'call', id, args: pack(args) });
      if (result === undefined) throw new Error('The other world is gone.');
      const value = unpack(result.value);
      if (!result.ok) throw value as Error;
      return value;
    };
  }

  function callHere(id: number, args: Packed): BridgeMessage {
    try {
      const value = functions.get(id)?.(...(unpack(args) as unknown[]));
      return { kind: 'result', ok: true, value: pack(value) };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { kind: 'result', ok: false, value: pack(error) };
    }
  }

  function exposeHere(key: string, api: Packed): BridgeMessage {
    if (Object.hasOwn(window, key)) {
      const error = new Error(
        `Cannot bind an API on top of an existing property on the window object`,
      );
      return { kind: 'result', ok: false, value: pack(error) };
    }
    const value = frozen(unpack(api));
    Object.defineProperty(window, key, { value, enumerable: true });
    return { kind: 'result', ok: true, value: pack(undefined) };
  }

  target.addEventListener(incoming, (event) => {
    const message = (event as CustomEvent<BridgeMessage>).detail;
    switch (message.kind) {
      case 'expose':
        send(exposeHere(message.key, message.api));
        return;
      case 'call':
        send(callHere(message.id, message.args));
        return;
      case 'result':
        lastResult = message;
        return;
      case 'settle': {
        const promise = promises.get(message.id);
        promises.delete(message.id);
        if (message.ok) promise?.resolve(unpack(message.value));
        else promise?.reject(unpack(message.value));
        return;
      }
      case 'note':
        onNote(message.note);
    }
  });

  return {
    expose(key, api) {
      const result = send({ kind: 'expose', key, api: pack(api) });
      if (result === undefined) throw new Error('The page has no bridge.');
      if (!result.ok) throw unpack(result.value) as Error;
    },
    note: (note) => void send({ kind: 'note', note }),
  };
}

/** V8 names a Proxy by its class before it looks inside, so its refusal tells proxies from functions. */
function refuseProxies(value: object): void {
  try {
    structuredClone(value);
  } catch (thrown) {
    const isProxy = /(#<Object>|\[object (Array|Object)\]) could not be cloned/.test(
      String(thrown),
    );
    if (isProxy || !(Array.isArray(value) || isPlain(value)))
      throw new Error('An object could not be cloned.', { cause: thrown });
  }
}

function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function frozen<Value>(value: Value): Value {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  if (ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
