import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDouble, until, type AppRun, type DoubleHost } from './double/driver.ts';
import { decode, encode } from './double/wire.ts';

let host: DoubleHost;

beforeAll(async () => {
  host = await openDouble();
});
afterEach(() => host.endRuns());
afterAll(() => host.close());

function bad(name: string): AppRun {
  const entry = path.join(import.meta.dirname, 'bad-mains', `${name}.mjs`);
  return host.start({ entry, entryTimeout: 1_500 });
}

/** Waits until the run has something to complain about. */
async function complaints(app: AppRun): Promise<readonly string[]> {
  await until(async () => (await app.report()).violations.length > 0);
  return (await app.report()).violations;
}

describe('the double of electron refuses', () => {
  it('an entry that waits for ready at its top level, as Electron would hang', async () => {
    await expect(bad('await-ready').booted).rejects.toThrow('waits at its top level');
  });

  it('a window before ready', async () => {
    await expect(bad('window-before-ready').booted).rejects.toThrow(
      'BrowserWindow cannot be used before app is ready',
    );
  });

  it('a member of electron it does not have, instead of giving undefined', async () => {
    await expect(bad('unknown-member').booted).rejects.toThrow(
      'the double does not know app.getLoginItemSettings',
    );
  });

  it('a second handler of one channel', async () => {
    await expect(bad('second-handler').booted).rejects.toThrow(
      "Attempted to register a second handler for 'ask'",
    );
  });

  it('a scheme registered after ready', async () => {
    expect(await complaints(bad('scheme-after-ready'))).toEqual([
      'protocol.registerSchemesAsPrivileged must be called before app is ready',
    ]);
  });

  it('a window without the sandbox', async () => {
    expect(await complaints(bad('unsafe-window'))).toEqual(['webPreferences.sandbox must be true']);
  });

  it('a port that is sent twice', async () => {
    expect(await complaints(bad('port-sent-twice'))).toEqual([
      'the port was transferred and cannot be used any more',
    ]);
  });

  it('a preload script that is an ES module', async () => {
    expect(await complaints(bad('module-preload'))).toContain(
      'a sandboxed preload script cannot be an ES module',
    );
  });

  it('a preload script that requires Node modules, yet loads the page', async () => {
    const app = bad('open-doors');
    expect(await complaints(app)).toEqual([
      'Unable to load preload script: Error: module not found: fs',
    ]);
    expect(await app.evaluate(() => document.readyState)).toBe('complete');
  });
});

describe('where nobody refuses, the double reports', () => {
  it('a window that would open', async () => {
    const app = bad('open-doors');
    await complaints(app);
    await app.evaluate(() => window.open('https://example.com/'));
    await until(async () => (await app.report()).opened.length > 0);
    expect((await app.report()).violations).toContain(
      'a window would open for https://example.com/',
    );
  });

  it('a permission that would be granted', async () => {
    const app = bad('open-doors');
    await complaints(app);
    await app.evaluate(() => void Notification.requestPermission());
    await until(async () => (await app.report()).violations.length > 1);
    expect((await app.report()).violations).toContain(
      'permission "notifications" would be granted: there is no handler',
    );
  });

  it('a page that leaves, and where it wanted to go', async () => {
    const app = bad('open-doors');
    await complaints(app);
    await app.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await until(async () => (await app.report()).blocked.length > 0);
    expect((await app.report()).blocked).toEqual(['https://example.com/']);
  });

  it('a handler that throws across', async () => {
    const app = bad('open-doors');
    await complaints(app);
    const said = await app.evaluate(() =>
      window.bad.fail().catch((error: unknown) => String(error)),
    );
    expect(said).toContain("Error invoking remote method 'fail': Error: thrown across");
    expect((await app.report()).violations).toContain(
      "Error invoking remote method 'fail': Error: thrown across",
    );
  });
});

describe('the bridge between the worlds', () => {
  it('copies values, proxies functions and promises, and drops prototypes', async () => {
    const app = bad('open-doors');
    await complaints(app);
    const seen = await app.evaluate(async () => {
      class Named {
        readonly name = 'n';
        method(): string {
          return this.name;
        }
      }
      const { echo } = window.bad;
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const back = echo(cycle) as typeof cycle;
      return {
        date: echo(new Date(5)) instanceof Date,
        map: (echo(new Map([[1, new Set(['x'])]])) as Map<number, Set<string>>).get(1)?.has('x'),
        bigint: echo(5n) === 5n,
        missing: 'u' in (echo({ u: undefined }) as object),
        called: (echo((word: string) => `${word}!`) as (word: string) => string)('go'),
        promised: await (echo(Promise.resolve(7)) as Promise<number>),
        method: typeof (echo(new Named()) as Partial<Named>).method,
        cyclic: back.self === back && back !== cycle,
      };
    });
    expect(seen).toEqual({
      date: true,
      map: true,
      bigint: true,
      missing: true,
      called: 'go!',
      promised: 7,
      method: 'undefined',
      cyclic: true,
    });
  });

  it('refuses proxies, such as the state of a reactive framework', async () => {
    const app = bad('open-doors');
    await complaints(app);
    const refused = await app.evaluate(() => {
      const attempts = [new Proxy({ a: 1 }, {}), { list: new Proxy([1], {}) }];
      return attempts.map((value) => {
        try {
          window.bad.echo(value);
          return 'accepted';
        } catch (thrown) {
          return (thrown as Error).message;
        }
      });
    });
    expect(refused).toEqual(['An object could not be cloned.', 'An object could not be cloned.']);
  });

  it('lets no function through to the main process', async () => {
    const app = bad('open-doors');
    await complaints(app);
    const said = await app.evaluate(() =>
      window.bad.send({ run: () => 1 }).catch((error: unknown) => String(error)),
    );
    expect(said).toContain('An object could not be cloned.');
  });
});

describe('values on the wire of the double', () => {
  it('arrive as they were', () => {
    const shared = { deep: [1, undefined, null, Number.NaN, -0, 2n ** 70n] };
    const value = {
      shared,
      again: shared,
      date: new Date(0),
      pattern: /a+/gi,
      map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'two'])]]),
      bytes: new Uint8Array([1, 255]),
      wide: new BigInt64Array([-1n]),
    };
    const back = decode(encode(value)) as typeof value;
    expect(back).toEqual(value);
    expect(back.again).toBe(back.shared);
  });

  it('may contain themselves', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    const back = decode(encode(value)) as typeof value;
    expect(back.self).toBe(back);
  });

  it('are refused where a process boundary refuses them', () => {
    for (const value of [
      () => 1,
      Symbol('s'),
      new Proxy({}, {}),
      Promise.resolve(1),
      new WeakMap(),
    ])
      expect(() => encode({ value })).toThrow('An object could not be cloned.');
  });
});
