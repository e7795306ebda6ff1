import { describe, expect, it } from 'vitest';
import { Latest } from '../../../renderer/app/latest.svelte.ts';
import { Cancelled, Failure } from '../../../shared/failure/failure.ts';

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('the newest of several questions', () => {
  it('keeps its answer when an older question is answered later', async () => {
    const latest = new Latest<string>();
    const slow = deferred<string>();
    const fast = deferred<string>();
    const first = latest.run(() => slow.promise);
    const second = latest.run(() => fast.promise);
    fast.resolve('new');
    await second;
    slow.resolve('old');
    await first;
    expect(latest.value).toBe('new');
    expect(latest.pending).toBe(false);
  });

  it('cancels the question before', async () => {
    const latest = new Latest<string>();
    const slow = deferred<string>();
    let cancelled = false;
    const first = latest.run((signal) => {
      signal.addEventListener('abort', () => {
        cancelled = true;
        slow.reject(new Cancelled());
      });
      return slow.promise;
    });
    await latest.run(() => Promise.resolve('new'));
    await first;
    expect(cancelled).toBe(true);
    expect(latest.failure).toBeNull();
  });

  it('drops the failure of an older question', async () => {
    const latest = new Latest<string>();
    const slow = deferred<string>();
    const first = latest.run(() => slow.promise);
    await latest.run(() => Promise.resolve('new'));
    slow.reject(new Failure('disk-full', { path: 'a.segw', reason: 'none left' }));
    await first;
    expect(latest.failure).toBeNull();
    expect(latest.value).toBe('new');
  });

  it('shows why it has no answer, and keeps the answer before', async () => {
    const latest = new Latest<string>();
    await latest.run(() => Promise.resolve('before'));
    await latest.run(() => Promise.reject(new Failure('export-empty')));
    expect(latest.failure?.code).toBe('export-empty');
    expect(latest.value).toBe('before');
  });

  it('turns what is no failure into an internal one', async () => {
    const latest = new Latest<string>();
    await latest.run(() => Promise.reject(new Error('boom')));
    expect(latest.failure?.code).toBe('internal');
    expect(latest.failure?.cause).toBe('boom');
  });
});
