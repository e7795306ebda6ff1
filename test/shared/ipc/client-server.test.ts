import { describe, expect, it } from 'vitest';
import type { OpenProgress, Progress } from '../../../shared/domain/archive.ts';
import { Cancelled, Failure } from '../../../shared/failure/failure.ts';
import { createCancelSource, NEVER } from '../../../shared/ipc/cancel.ts';
import { createClient } from '../../../shared/ipc/client.ts';
import type { CallContext, EngineClient, Handlers } from '../../../shared/ipc/contract.ts';
import { createPortPair } from '../../../shared/ipc/port.ts';
import { serve } from '../../../shared/ipc/server.ts';
import { handlersWith } from './handlers.ts';

function connect(scripted: Partial<Handlers>) {
  const [near, far] = createPortPair();
  const connection = serve(far, handlersWith(scripted));
  return { client: createClient(near), near, far, connection };
}

/** Every queued message has arrived. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const PROGRESS: OpenProgress = {
  kind: 'open',
  path: 'bundle.tgz',
  doneBytes: 1,
  totalBytes: 2,
  lines: 3,
  events: 4,
  rejects: 0,
  elapsedMs: 5,
};

/** A handler that works until it is cancelled, and shows its context. */
function endless() {
  const contexts: CallContext[] = [];
  const handler = (_: unknown, context: CallContext) => {
    contexts.push(context);
    return new Promise<never>((_resolve, reject) => {
      context.signal.addEventListener('abort', () => {
        reject(new Cancelled());
      });
    });
  };
  return { contexts, handler };
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('the call was answered');
    },
    (thrown: unknown) => thrown,
  );
}

/** A client whose caller does not keep to the contract. */
interface Untyped {
  call(name: string, args: unknown): Promise<unknown>;
}

function callWrongly(client: EngineClient, name: string, args: unknown): Promise<unknown> {
  return (client as unknown as Untyped).call(name, args);
}

describe('a call', () => {
  it('is answered with what its handler returns', async () => {
    const { client } = connect({
      'setting.read': ({ key }) => Promise.resolve(`value of ${key}`),
      'setting.write': () => Promise.resolve(null),
    });
    expect(await client.call('setting.read', { key: 'theme' })).toBe('value of theme');
    expect(await client.call('setting.write', { key: 'theme', value: 'dark' })).toBeNull();
  });

  it('is answered for itself, whatever order the answers come in', async () => {
    const waiting = new Map<string, (value: string) => void>();
    const { client } = connect({
      'setting.read': ({ key }) => new Promise((resolve) => waiting.set(key, resolve)),
    });
    const first = client.call('setting.read', { key: 'first' });
    const second = client.call('setting.read', { key: 'second' });
    await settled();
    waiting.get('second')?.('2');
    expect(await second).toBe('2');
    waiting.get('first')?.('1');
    expect(await first).toBe('1');
  });

  it('passes a copy, so that neither side can change what the other holds', async () => {
    const seen: (readonly string[])[] = [];
    const { client } = connect({
      'archive.open': ({ paths }) => {
        seen.push(paths);
        return Promise.reject(new Failure('path-missing', { path: paths[0] ?? '' }));
      },
    });
    const paths = ['a.log'];
    const answer = rejectionOf(client.call('archive.open', { paths }));
    paths[0] = 'b.log';
    expect(await answer).toMatchObject({ details: { path: 'a.log' } });
    expect(seen).toEqual([['a.log']]);
  });

  it('fails with the code, details and cause its handler failed with', async () => {
    const { client } = connect({
      'history.undo': () =>
        Promise.reject(new Failure('write-failed', { path: 'p', reason: 'r' }, new Error('EROFS'))),
    });
    const failure = await rejectionOf(client.call('history.undo', {}));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      code: 'write-failed',
      message: '"p" could not be written (r). Choose another place.',
      details: { path: 'p', reason: 'r' },
      cause: 'EROFS',
    });
  });

  it('fails as internal where its handler threw something else, even before it promised', async () => {
    const { client } = connect({
      'history.undo': () => {
        throw new TypeError('x is undefined');
      },
    });
    const failure = await rejectionOf(client.call('history.undo', {}));
    expect(failure).toMatchObject({ code: 'internal', cause: 'x is undefined' });
  });

  it('fails as internal where its reply cannot be sent', async () => {
    const { client } = connect({
      'setting.read': () => Promise.resolve(12n as unknown as string),
    });
    const failure = await rejectionOf(client.call('setting.read', { key: 'k' }));
    expect(failure).toMatchObject({ code: 'internal' });
  });

  it.each([
    ['a missing argument', 'setting.read', {}, 'key'],
    ['a wrong type', 'setting.read', { key: 1 }, 'key'],
    ['an argument too many', 'history.undo', { more: 1 }, 'more'],
    ['no arguments at all', 'history.undo', null, ''],
    ['a wrong place deep inside', 'archive.open', { paths: ['a', ''] }, 'paths.1'],
  ])('is refused with %s, and says where', async (_, name, args, where) => {
    const failure = await rejectionOf(callWrongly(connect({}).client, name, args));
    expect(failure).toMatchObject({ code: 'bad-arguments', details: { call: name } });
    expect(failure instanceof Failure && String(failure.details['problem'])).toContain(where);
  });

  it.each(['flow.lost', 'toString', '__proto__', ''])('named "%s" is unknown', async (name) => {
    const failure = await rejectionOf(callWrongly(connect({}).client, name, {}));
    expect(failure).toMatchObject({ code: 'unknown-call', details: { call: name } });
  });
});

describe('progress', () => {
  it('reaches the call it belongs to, in order and before the answer', async () => {
    const { client } = connect({
      'archive.open': async (_, context) => {
        context.report(PROGRESS);
        await settled();
        context.report({ ...PROGRESS, doneBytes: 2 });
        throw new Failure('archive-empty', { path: 'a' });
      },
      'history.undo': endless().handler,
    });
    const told: Progress[] = [];
    const strangers: Progress[] = [];
    void rejectionOf(
      client.call('history.undo', {}, { onProgress: (each) => strangers.push(each) }),
    );
    const onProgress = (each: Progress) => told.push(each);
    await rejectionOf(client.call('archive.open', { paths: ['a'] }, { onProgress }));
    expect(told).toEqual([PROGRESS, { ...PROGRESS, doneBytes: 2 }]);
    expect(strangers).toEqual([]);
  });

  it('is not told any more once the call was cancelled', async () => {
    const { client } = connect({
      'archive.open': async (_, context) => {
        context.report(PROGRESS);
        await new Promise<void>((resolve) => {
          context.signal.addEventListener('abort', resolve);
        });
        context.report({ ...PROGRESS, doneBytes: 2 });
        throw new Cancelled();
      },
    });
    const told: Progress[] = [];
    const source = createCancelSource();
    const options = { signal: source.signal, onProgress: (each: Progress) => told.push(each) };
    const answer = rejectionOf(client.call('archive.open', { paths: ['a'] }, options));
    await settled();
    source.cancel();
    expect(await answer).toBeInstanceOf(Cancelled);
    expect(told).toEqual([PROGRESS]);
  });
});

describe('cancelling', () => {
  it('fires the signal of the one call, which rejects with Cancelled', async () => {
    const { contexts, handler } = endless();
    const { client } = connect({ 'history.undo': handler });
    const source = createCancelSource();
    const first = rejectionOf(client.call('history.undo', {}, { signal: source.signal }));
    void rejectionOf(client.call('history.undo', {}, { signal: NEVER }));
    await settled();
    source.cancel();
    expect(await first).toBeInstanceOf(Cancelled);
    expect(contexts.map((context) => context.signal.aborted)).toEqual([true, false]);
  });

  it('works with an AbortController', async () => {
    const { client } = connect({ 'history.undo': endless().handler });
    const controller = new AbortController();
    const answer = rejectionOf(client.call('history.undo', {}, { signal: controller.signal }));
    controller.abort();
    expect(await answer).toBeInstanceOf(Cancelled);
  });

  it('beforehand asks nothing of the engine', async () => {
    const { contexts, handler } = endless();
    const { client } = connect({ 'history.undo': handler });
    const source = createCancelSource();
    source.cancel();
    expect(
      await rejectionOf(client.call('history.undo', {}, { signal: source.signal })),
    ).toBeInstanceOf(Cancelled);
    await settled();
    expect(contexts).toEqual([]);
  });

  it('after the answer disturbs nothing', async () => {
    const { client } = connect({ 'setting.read': () => Promise.resolve('dark') });
    const source = createCancelSource();
    expect(await client.call('setting.read', { key: 'theme' }, { signal: source.signal })).toBe(
      'dark',
    );
    source.cancel();
    await settled();
    expect(await client.call('setting.read', { key: 'theme' })).toBe('dark');
  });
});

describe('news', () => {
  it('reach every listener', async () => {
    const { client, connection } = connect({});
    const heard: string[] = [];
    client.onNews((news) => heard.push(`first ${news}`));
    client.onNews((news) => heard.push(`second ${news}`));
    connection.tell('ruleset');
    connection.tell('project');
    await settled();
    expect(heard).toEqual(['first ruleset', 'second ruleset', 'first project', 'second project']);
  });
});

describe('a closed connection', () => {
  it('fails open and later calls where the engine is gone, and says so once', async () => {
    const { client, far } = connect({ 'history.undo': endless().handler });
    let closes = 0;
    client.onClose(() => closes++);
    const open = rejectionOf(client.call('history.undo', {}));
    await settled();
    far.close();
    expect(await open).toMatchObject({ code: 'connection-lost' });
    expect(await rejectionOf(client.call('history.undo', {}))).toMatchObject({
      code: 'connection-lost',
    });
    expect(closes).toBe(1);
  });

  it('fails open calls where the client closed it itself', async () => {
    const { client } = connect({ 'history.undo': endless().handler });
    const open = rejectionOf(client.call('history.undo', {}));
    client.close();
    expect(await open).toMatchObject({ code: 'connection-lost' });
  });

  it('cancels what the engine was doing for that client', async () => {
    const { contexts, handler } = endless();
    const { client } = connect({ 'history.undo': handler });
    void rejectionOf(client.call('history.undo', {}));
    await settled();
    client.close();
    await settled();
    expect(contexts.map((context) => context.signal.aborted)).toEqual([true]);
  });
});

describe('messages that are none', () => {
  it('are passed over by both ends', async () => {
    const { client, near, far } = connect({ 'setting.read': () => Promise.resolve('dark') });
    const nonsense = [null, 12, 'call', {}, { kind: 'call' }, { kind: 'cancel', id: 99 }];
    for (const message of [...nonsense, { kind: 'reply', id: 0, value: 1 }]) {
      near.post(message);
      far.post(message);
    }
    far.post({
      kind: 'failure',
      id: 1,
      failure: { code: 'no-such-code', message: '', details: {} },
    });
    expect(await client.call('setting.read', { key: 'theme' })).toBe('dark');
  });
});
