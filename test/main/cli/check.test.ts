import type { RulesetComparison } from '../../../shared/domain/comparison.ts';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE } from '../../conformance/temp-engine.ts';
import { aPolicy, aRule } from '../../support/rulesets.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();
const BOOKS = 'books.segw';

interface CheckJson {
  readonly difference: RulesetComparison | null;
  readonly coverage: {
    readonly flows: number;
    readonly events: number;
    readonly needed: { readonly flows: number; readonly events: number };
  };
  readonly newlyBlocked: readonly { readonly destinationRule: string | null }[];
  readonly newlyAllowed: readonly unknown[];
  readonly findings: readonly { readonly kind: string; readonly rule: string | null }[];
  readonly newFlows: {
    readonly total: { readonly flows: number };
    readonly needed: { readonly flows: number };
  } | null;
  readonly drift: { readonly total: { readonly flows: number } } | null;
}

beforeAll(async () => {
  await cli.run('open', SAMPLE, '--project', BOOKS);
});

describe('check', () => {
  test('prints the documented JSON, and exits with 1 while the default rule is open', async () => {
    const { code, stdout, stderr } = await cli.run('check', '-p', BOOKS, '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const report = JSON.parse(stdout) as CheckJson;
    expect(Object.keys(report)).toEqual(
      (
        'coverage applications outcomes newlyBlocked newlyAllowed reasonsToPass closing newFlows notes ' +
        'findings score agreement drift difference'
      ).split(' '),
    );
    expect(report.coverage).toEqual({
      flows: 0,
      events: 0,
      needed: { flows: 0, events: 0 },
    });
    expect(report.findings.map(({ kind }) => kind)).toContain('any-any');
  });

  test('--against a document tells what it decides otherwise', async () => {
    const file = path.join(cli.folder, 'closed.json');
    const closed = {
      policies: [aPolicy('p', [aRule('close', { action: 'DROP' })])],
      defaultRule: { action: 'DROP', logged: true },
    };
    await writeFile(file, JSON.stringify(closed));
    const { stdout } = await cli.run('check', '-p', BOOKS, '--json', '--against', file);
    expect((JSON.parse(stdout) as CheckJson).drift?.total.flows).toBeGreaterThan(10);
    const same = await cli.run('check', '-p', BOOKS, '--json', '--against', BOOKS);
    expect((JSON.parse(same.stdout) as CheckJson).drift?.total.flows).toBe(0);
    expect((JSON.parse(same.stdout) as CheckJson).difference?.isEqual).toBe(true);
    const { difference } = JSON.parse(stdout) as CheckJson;
    expect(difference).toMatchObject({ isEqual: false, isWhole: true });
    expect(difference?.newlyDenied.count).toBe(0);
    const seen = difference?.newlyAllowed.first.map(({ observed }) => observed.flows) ?? [];
    expect(seen.reduce((sum, flows) => sum + flows, 0)).toBeGreaterThan(10);
    expect(seen).toHaveLength(difference?.newlyAllowed.count ?? 0);
    const table = await cli.run('check', '-p', BOOKS, '--against', file);
    expect(table.stdout).toMatch(/^Coverage: 0\.0 % of the flows that are needed/);
    expect(table.stdout).toContain('Decided otherwise by the other ruleset');
    expect(table.stdout).toContain('Allowed, and denied by the other ruleset');
    expect(table.code).toBe(1);
  });

  test('--since tells which flows are new and permitted by no rule', async () => {
    const { stdout } = await cli.run('check', '-p', BOOKS, '--json', '--since', '2000-01-01');
    const { newFlows } = JSON.parse(stdout) as CheckJson;
    expect(newFlows?.total.flows).toBeGreaterThan(300);
    expect(newFlows?.needed.flows).toBeGreaterThan(300);
    const none = await cli.run('check', '-p', BOOKS, '--since', '2100-01-01');
    expect(none.stdout).toContain('First seen since 2100-01-01T00:00:00Z: 0 flows');
    expect(none.stdout).toMatch(
      /With the default rule set to DROP, \d+ more flows would be blocked/,
    );
    expect(oneLine(await cli.run('check', '-p', BOOKS, '--since', 'soon'), 2)).toContain('soon');
  });

  test('--against a file that is no ruleset is bad input, told in one line', async () => {
    const ended = await cli.run('check', '-p', BOOKS, '--against', 'gone.json');
    expect(oneLine(ended, 3)).toContain('"gone.json" does not exist');
  });
});
