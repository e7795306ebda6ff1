import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import type { Ruleset } from '../../../shared/domain/ruleset.ts';
import { SAMPLE, truth } from '../../conformance/temp-engine.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

interface FlowsJson {
  readonly flows: readonly Record<string, string | number | boolean | null>[];
  readonly totalRows: number;
  readonly totalEvents: number;
  readonly totalSessions: number;
}

const cli = useBuiltCli();

/** The project the sample is loaded into before the tests. */
const BOOKS = 'books.segw';

beforeAll(async () => {
  await cli.run('open', SAMPLE, '--project', BOOKS);
});

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli.run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

const flows = (...args: string[]) => json<FlowsJson>('flows', '-p', BOOKS, '--json', ...args);

describe('flows', () => {
  test('sum up to every event, whatever they are summed by', async () => {
    for (const by of ['action', 'src,dst,svc', 'direction,rule,tag']) {
      const { flows: rows, totalRows, totalEvents } = await flows('--by', by);
      expect(totalEvents).toBe(truth.totals.events);
      expect(rows).toHaveLength(totalRows);
      expect(rows.reduce((sum, row) => sum + Number(row['events']), 0)).toBe(totalEvents);
    }
  });

  test('have only the columns asked for, with ISO times', async () => {
    const { flows: rows } = await flows('--by', 'dst,svc', '--limit', '3');
    expect(rows).toHaveLength(3);
    expect(Object.keys(rows[0] ?? {})).toEqual(
      'destination service sessions events bytes packets first last reply'.split(' '),
    );
    expect(rows[0]?.['first']).toMatch(/^2026-03-0\dT[\d:.]+Z$/);
    const sessions = rows.map((row) => Number(row['sessions']));
    expect(sessions).toEqual([...sessions].sort((a, b) => b - a));
  });

  test('--where and the time window leave out the rest', async () => {
    const all = await flows('--by', 'action');
    const dropped = await flows('--by', 'action', '--where', 'action:DROP');
    const others = await flows('--by', 'action', '--where', '-action:DROP');
    expect(dropped.flows.map((row) => row['action'])).toEqual(['DROP']);
    expect(dropped.totalEvents + others.totalEvents).toBe(all.totalEvents);
    const before = await flows('--by', 'action', '--to', '2026-03-03');
    const after = await flows('--by', 'action', '--from', '2026-03-03T01:00+01:00');
    expect(before.totalEvents).toBeGreaterThan(0);
    expect(after.totalEvents).toBeGreaterThan(0);
    expect(before.totalEvents + after.totalEvents).toBe(all.totalEvents);
  });

  test('as CSV have one record a flow', async () => {
    const { code, stdout } = await cli.run('flows', '-p', BOOKS, '--format', 'csv');
    expect(code).toBe(0);
    const records = stdout.split('\r\n');
    expect(records[0]).toBe(
      'source,destination,service,action,sessions,events,bytes,packets,first,last,reply',
    );
    expect(records.at(-1)).toBe('');
    expect(records).toHaveLength((await flows()).totalRows + 2);
  });

  test('as a table are cut at fifty and say so', async () => {
    const { code, stdout } = await cli.run('flows', '-p', BOOKS);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n50 of [\d,]+ rows; in all [\d,]+ sessions, 11,946 events\n$/);
  });
});

test('discover gives everything the logs show, in the shape that is documented', async () => {
  const found = await json<Inventory>('discover', '-p', BOOKS, '--json');
  const members = (groups: readonly { name: string; members: readonly string[] }[]) =>
    Object.fromEntries(groups.map((group) => [group.name, group.members]));
  expect(members(found.groups)).toEqual(members(truth.groups));
  const firstKeys = (list: readonly object[], count: number) =>
    Object.keys(list[0] ?? {})
      .slice(0, count)
      .join(' ');
  expect(firstKeys(found.groups, 5)).toBe('name members tier application confidence');
  expect(firstKeys(found.vips, 5)).toBe('address ports snat group confidence');
  expect(firstKeys(found.vips[0]?.ports ?? [], 4)).toBe('protocol port pool poolPort');
  expect(firstKeys(found.applications, 2)).toBe('name groups');
  expect(firstKeys(found.sharedServices, 4)).toBe('address name services usedBy');
  expect(firstKeys(found.spurious, 4)).toBe('address events targets ports');
  const proofs = [...found.groups, ...found.vips, ...found.sharedServices, ...found.spurious];
  for (const { proofs: reasons } of proofs) {
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.every(({ events }) => events > 0)).toBe(true);
  }
  const { stdout } = await cli.run('discover', '-p', BOOKS);
  expect(stdout).toMatch(/^SGTSWEB +4 +[\d,]+ +\d+% +BOOKS +web +SGTSBOOKS/m);
  expect(stdout).toMatch(/^BOOKS +web \(SGTSWEB\) > app \(SGTSAPP\) > db \(SGTSDB\)/m);
  expect(stdout).toMatch(/^192\.0\.2\.102 +TCP\/80 +4 members on TCP\/8080 +SGTSAPP/m);
  expect(stdout).toMatch(/^203\.0\.113\.10 +Jump host +TCP\/22 +visits/m);
  expect(stdout).toMatch(/^192\.168\.100\.7 +scan/m);
});

describe('rules and export', () => {
  const add = ['rules', 'add', '-p', 'rules.segw'];

  beforeAll(async () => {
    await cli.run('open', SAMPLE, '-p', 'rules.segw');
    const early = await cli.run('export', '-p', 'rules.segw', '--format', 'nsx-t');
    expect(oneLine(early, 2)).toContain('no rule to export');
    const between = ['--from', 'SGTSWEB', '--to', 'SGTSDB', '--service', 'TCP/1433'];
    await json(...add, ...between, '--service', 'tcp/1434', '--json');
    const drop = ['--service', 'ICMP', '--action', 'drop', '--name', 'no ping', '--tag', 'no-ping'];
    await json(...add, '--from', '203.0.113.10', '--to', 'SGTSWEB', ...drop, '--json');
  });

  const read = () => json<Ruleset>('rules', '-p', 'rules.segw', '--json');

  test('a rule is added between groups and addresses', async () => {
    const rules = (await read()).policies.flatMap((policy) => policy.rules);
    expect(rules).toMatchObject([
      {
        sources: [{ kind: 'group', name: 'SGTSWEB' }],
        destinations: [{ kind: 'group', name: 'SGTSDB' }],
        services: ['TCP/1433', 'TCP/1434'],
        action: 'ALLOW',
      },
      {
        name: 'no ping',
        tag: 'no-ping',
        sources: [{ kind: 'ip-set', addresses: ['203.0.113.10'] }],
        services: ['ICMP'],
        action: 'DROP',
      },
    ]);
    const { stdout } = await cli.run('rules', '-p', 'rules.segw');
    expect(stdout).toMatch(/SGTSWEB +SGTSDB +TCP\/1433, TCP\/1434 +ALLOW/);
    expect(stdout).toContain('2 rules in ');
  });

  test('what --json prints, --import reads', async () => {
    const ruleset = await read();
    await writeFile(path.join(cli.folder, 'ruleset.json'), JSON.stringify(ruleset));
    await cli.run('open', SAMPLE, '-p', 'import.segw');
    const back = ['rules', '-p', 'import.segw', '--import', 'ruleset.json', '--json'];
    expect(await json<Ruleset>(...back)).toEqual(ruleset);
  });

  test.each<[string, string, string]>([
    ['that is no JSON', '{', 'it is no JSON'],
    ['of another shape', '{"policies":[{"id":"a"}]}', 'policies.0.name'],
  ])('a ruleset %s is refused', async (_, text, part) => {
    await writeFile(path.join(cli.folder, 'wrong.json'), text);
    const ended = await cli.run('rules', '-p', 'rules.segw', '--import', 'wrong.json');
    expect(oneLine(ended, 3)).toContain(part);
    const missing = await cli.run('rules', '-p', 'rules.segw', '--import', 'missing.json');
    expect(oneLine(missing, 3)).toContain('"missing.json" does not exist');
  });

  test('the export goes to standard output or to a file, the same text', async () => {
    const order = ['export', '-p', 'rules.segw', '--format', 'nsx-t'];
    const printed = await cli.run(...order);
    expect(printed.code).toBe(0);
    expect(JSON.parse(printed.stdout)).toBeTypeOf('object');
    for (const line of printed.stderr.trimEnd().split('\n'))
      expect(line).toMatch(/^(segwright: |$)/);
    expect((await cli.run(...order, '--out', 'policy.json')).code).toBe(0);
    expect(await readFile(path.join(cli.folder, 'policy.json'), 'utf8')).toBe(printed.stdout);
    const rollback = await readFile(path.join(cli.folder, 'policy.rollback.json'), 'utf8');
    expect(rollback).toContain('"marked_for_delete": true');
    expect(await readFile(path.join(cli.folder, 'policy.README.md'), 'utf8')).toContain(
      "--data @'policy.json'",
    );
    expect((await cli.run(...order, '--out', 'folder/')).code).toBe(0);
    const inFolder = path.join(cli.folder, 'folder', 'segwright-nsx-t.json');
    expect(await readFile(inFolder, 'utf8')).toBe(printed.stdout);
    const nowhere = await cli.run(...order, '--out', path.join('no-such-folder', 'policy.json'));
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toContain('could not be written');
  });
});
