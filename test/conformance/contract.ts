import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenProgress } from '../../shared/domain/archive.ts';
import type { RuleDraft } from '../../shared/domain/ruleset.ts';
import { Cancelled, Failure } from '../../shared/failure/failure.ts';
import { createCancelSource } from '../../shared/ipc/cancel.ts';
import type { CallName, EngineClient } from '../../shared/ipc/contract.ts';
import type { News } from '../../shared/ipc/message.ts';
import { SAMPLE, truth } from './temp-engine.ts';

/** An engine reached over the transport under test. */
export interface Transport {
  /** A new client of the same engine. */
  connect(): Promise<EngineClient>;
  close(): Promise<void>;
}

const RULE: RuleDraft = {
  name: 'web to db',
  sources: [{ kind: 'ip-set', name: 'web', addresses: ['192.0.2.10'] }],
  destinations: [{ kind: 'ip-set', name: 'db', addresses: ['192.0.2.20'] }],
  services: ['TCP/3306'],
  appliedTo: [],
  action: 'ALLOW',
  direction: 'IN_OUT',
  ipVersion: 'IPV4_IPV6',
  logged: true,
  tag: 'web-db',
  notes: '',
  disabled: false,
};

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof Failure)) throw new Error(`no Failure but ${String(thrown)}`);
  return thrown;
}

/** Waits until the condition holds; fails after ten seconds. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('this never came true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The tests every transport passes: clients cannot tell one from another. */
export function describeContract(name: string, open: () => Promise<Transport>): void {
  describe(`the contract over ${name}`, () => {
    let transport: Transport;
    let client: EngineClient;

    beforeEach(async () => {
      transport = await open();
      client = await transport.connect();
    });

    afterEach(async () => {
      client.close();
      await transport.close();
    });

    test('a call is answered', async () => {
      const about = await client.call('engine.about', {});
      expect(about.segwright).toBe('0.0.0-test');
      expect(await client.call('setting.read', { key: 'never-set' })).toBeNull();
    });

    test('an argument of the wrong kind is refused by its name', async () => {
      const args = { offset: 'first', limit: 1 } as unknown as { offset: number; limit: number };
      const failure = await failureOf(client.call('reject.list', args));
      expect(failure.code).toBe('bad-arguments');
      expect(failure.message).toContain('offset');
      expect(failure.message).toContain('reject.list');
    });

    test('an argument nobody asked for is refused by its name', async () => {
      const args: object = { surplus: 1 };
      const failure = await failureOf(client.call('ruleset.read', args));
      expect(failure.code).toBe('bad-arguments');
      expect(failure.message).toContain('surplus');
    });

    test('an unknown call is refused', async () => {
      const unknown = 'toString' as CallName;
      const failure = await failureOf(client.call(unknown, {}));
      expect(failure.code).toBe('unknown-call');
      expect(failure.message).toContain('toString');
    });

    test('a failure arrives with its code, its details and a sentence', async () => {
      const failure = await failureOf(client.call('project.open', { path: '/dev/null/x.segw' }));
      expect(failure.message).toContain('/dev/null/x.segw');
      const undo = await failureOf(client.call('history.undo', {}));
      expect(undo.code).toBe('nothing-to-undo');
      expect(undo.message).toBe('There is nothing to undo.');
    });

    test('opening an archive reports progress that never goes back', async () => {
      const seen: OpenProgress[] = [];
      const accounting = await client.call(
        'archive.open',
        { paths: [SAMPLE] },
        { onProgress: (progress) => void seen.push(progress) },
      );
      expect(accounting.totals.lines).toBeGreaterThan(0);
      expect(seen.length).toBeGreaterThan(0);
      for (const key of ['doneBytes', 'lines', 'events', 'elapsedMs'] as const) {
        const values = seen.map((progress) => progress[key]);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }
      const last = seen.at(-1);
      expect(last?.doneBytes).toBeLessThanOrEqual(last?.totalBytes ?? -1);
      expect(last?.lines).toBeLessThanOrEqual(accounting.totals.lines);
    });

    test('a cancelled opening keeps whole sources only, and opening again counts nothing twice', async () => {
      const stop = createCancelSource();
      const opening = client.call(
        'archive.open',
        { paths: [SAMPLE] },
        { signal: stop.signal, onProgress: () => stop.cancel() },
      );
      await expect(opening).rejects.toBeInstanceOf(Cancelled);
      const stopped = await client.call('project.read', {});
      expect(stopped.totals.lines).toBeLessThan(truth.totals.lines);
      for (const source of stopped.sources.filter((each) => each.state === 'done')) {
        const { lines } = source;
        expect(lines).toBe(source.events + source.rejects + source.other + source.blank);
        expect(lines).toBe(truth.sources.find((each) => source.path.endsWith(each.path))?.lines);
      }
      await client.call('archive.open', { paths: [SAMPLE] });
      const whole = await client.call('project.read', {});
      expect(whole.totals).toEqual({ ...truth.totals, duplicates: 0 });
    });

    test('a call whose signal fired before is not even sent', async () => {
      const stop = createCancelSource();
      stop.cancel();
      const call = client.call('engine.about', {}, { signal: stop.signal });
      await expect(call).rejects.toBeInstanceOf(Cancelled);
    });

    test('a short call is answered while a long one runs, and each gets its own answer', async () => {
      const order: string[] = [];
      const long = client
        .call('archive.open', { paths: [SAMPLE] })
        .then((accounting) => (order.push('long'), accounting));
      const short = client
        .call('setting.read', { key: 'a' })
        .then((value) => (order.push('short'), value));
      const [accounting, setting] = await Promise.all([long, short]);
      expect(order).toEqual(['short', 'long']);
      expect(setting).toBeNull();
      expect(accounting.sources.length).toBeGreaterThan(0);
    });

    test('news of a change reach the other clients', async () => {
      const other = await transport.connect();
      const news: News[] = [];
      other.onNews((each) => news.push(each));
      const change = { kind: 'add-rule', policy: 'books', rule: RULE } as const;
      const state = await client.call('ruleset.change', { change });
      await until(() => news.includes('ruleset'));
      const seen = await other.call('ruleset.read', {});
      expect(seen.revision).toBe(state.revision);
      expect(seen.ruleset).toEqual(state.ruleset);
      other.close();
    });

    test('a client that goes away takes its running work with it', async () => {
      const other = await transport.connect();
      let progressed = false;
      const opening = other.call(
        'archive.open',
        { paths: [SAMPLE] },
        {
          onProgress: () => {
            progressed = true;
            other.close();
          },
        },
      );
      opening.catch(() => undefined);
      await until(() => progressed);
      // Opening waits its turn behind the one that was cancelled, so this tells that it ended.
      const accounting = await client.call('archive.open', { paths: [SAMPLE] });
      expect(accounting.sources.every((source) => source.state === 'done')).toBe(true);
      expect(accounting.sources.some((source) => source.error === null)).toBe(true);
    });
  });
}
