import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE } from '../../conformance/temp-engine.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();
const BOOKS = 'books.segw';

interface RuleJson {
  readonly name: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly services: readonly string[];
  readonly appliedTo: readonly string[];
  readonly action: string;
  readonly disabled: boolean;
  readonly flows: number;
  readonly events: number;
}

interface SuggestJson {
  readonly policies: readonly { readonly name: string; readonly rules: readonly RuleJson[] }[];
  readonly coverage: { readonly flows: number; readonly events: number };
  readonly legitimate: {
    readonly flows: number;
    readonly permittedNow: number;
    readonly permitted: number;
  };
  readonly spurious: readonly string[];
}

beforeAll(async () => {
  await cli.run('open', SAMPLE, '--project', BOOKS);
});

async function suggested(...args: string[]): Promise<SuggestJson> {
  const { code, stdout, stderr } = await cli.run('suggest', '-p', BOOKS, '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as SuggestJson;
}

const rulesOf = ({ policies }: SuggestJson) => policies.flatMap(({ rules }) => rules);

describe('suggest', () => {
  test('prints the documented JSON: the rules, what is behind each, and what they cover', async () => {
    const list = await suggested();
    expect(Object.keys(list)).toEqual(
      'policies coverage legitimate leftOut rejected spurious curve'.split(' '),
    );
    expect(list.policies.map(({ name }) => name)).toContain('BOOKS');
    const database = rulesOf(list).find(({ services }) => services.includes('TCP/1433'));
    expect(database).toMatchObject({
      ...{ sources: ['SGTSAPP'], services: ['TCP/1433'], appliedTo: ['SGTSAPP', 'SGTSDB'] },
      ...{ action: 'ALLOW', disabled: false },
    });
    expect(database?.flows).toBeGreaterThan(1);
    expect(database?.events).toBeGreaterThan(database?.flows ?? Infinity);
    expect(rulesOf(list).at(-1)).toMatchObject({ action: 'DROP', disabled: true, flows: 0 });
    const { flows, permitted, permittedNow } = list.legitimate;
    expect([permittedNow, permitted]).toEqual([0, flows]);
    expect(list.coverage.flows).toBeGreaterThan(0.4);
    expect(list.spurious.length).toBeGreaterThan(0);
  });

  test('prints a table, changes nothing by itself, and heeds --app, --level and --close', async () => {
    const { code, stdout } = await cli.run('suggest', '-p', BOOKS);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^policy +rule +sources/);
    expect(stdout).toMatch(/of \d+ needed flows 0 now and \d+ with these/);
    const none = await suggested('--app', 'no such application');
    expect(none.policies).toEqual([]);
    const single = rulesOf(await suggested('--level', 'flow'));
    expect(single.length).toBeGreaterThan(rulesOf(await suggested()).length);
    expect(rulesOf(await suggested('--close')).at(-1)?.disabled).toBe(false);
    const wrong = await cli.run('suggest', '-p', BOOKS, '--level', 'some');
    expect(oneLine(wrong, 2)).toContain('flow, service, pair, cover, tier');
  });

  test('--accept adds what is suggested, once', async () => {
    const list = await suggested('--accept', '--close');
    const { stdout } = await cli.run('rules', '-p', BOOKS, '--json');
    const { policies } = JSON.parse(stdout) as SuggestJson;
    const names = (all: readonly RuleJson[]) => all.map(({ name }) => name).sort();
    expect(names(policies.flatMap(({ rules }) => rules))).toEqual(names(rulesOf(list)));
    expect((await suggested()).policies).toEqual([]);
    const { code, stdout: checked } = await cli.run('check', '-p', BOOKS);
    expect(checked).toMatch(/^Coverage: 100\.0 % of the flows that are needed/);
    expect(code).toBe(0);
  });
});
