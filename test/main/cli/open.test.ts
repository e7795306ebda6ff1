import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Accounting } from '../../../shared/domain/archive.ts';
import { SAMPLE, truth } from '../../conformance/temp-engine.ts';
import { oneLine, useBuiltCli, type Ended } from './built-cli.ts';

interface FlowsJson {
  readonly flows: readonly Record<string, string | number | boolean | null>[];
  readonly totalRows: number;
  readonly totalEvents: number;
  readonly totalSessions: number;
}

const cli = useBuiltCli();

/** The project the sample is loaded into before the tests. */
const BOOKS = 'books.segw';
const invalid = fileURLToPath(new URL('../../fixtures/dfw/invalid/', import.meta.url));
let opened: Ended;

beforeAll(async () => {
  opened = await cli.run('open', SAMPLE, '--project', BOOKS, '--json');
});

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli.run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

const flows = (...args: string[]) => json<FlowsJson>('flows', '-p', BOOKS, '--json', ...args);

describe('open', () => {
  test('accounts for every line of every source', () => {
    expect({ code: opened.code, stderr: opened.stderr }).toEqual({ code: 0, stderr: '' });
    const accounting = JSON.parse(opened.stdout) as Accounting;
    expect(accounting.sources.length).toBeGreaterThan(1);
    const keys = ['lines', 'events', 'rejects', 'other', 'blank'] as const;
    for (const source of accounting.sources) {
      expect(source.lines).toBe(source.events + source.rejects + source.other + source.blank);
    }
    for (const key of keys) {
      expect(accounting.sources.reduce((sum, source) => sum + source[key], 0)).toBe(
        accounting.totals[key],
      );
    }
    const { seconds, ...totals } = accounting.totals;
    expect(seconds).toBeGreaterThan(0);
    expect(totals).toEqual({ ...truth.totals, duplicates: 0 });
  });

  test('gives its JSON the promised keys in their order', () => {
    const accounting = JSON.parse(opened.stdout) as Accounting;
    expect(Object.keys(accounting).slice(0, 3)).toEqual(['project', 'sources', 'totals']);
    expect(Object.keys(accounting.sources[0] ?? {}).slice(0, 11)).toEqual(
      'path host format first last lines events rejects other blank error'.split(' '),
    );
    expect(Object.keys(accounting.totals)).toEqual(
      'lines events rejects other blank seconds duplicates'.split(' '),
    );
    expect(accounting.sources[0]?.path).toContain('books-small.tgz!');
    expect(accounting.sources[0]?.first).toMatch(/^2026-03-0\dT[\d:.]+Z$/);
  });

  test('gives the rejects by reason, and takes a year for lines that name none', async () => {
    const accounting = JSON.parse(opened.stdout) as Accounting;
    const counts = Object.values(accounting.rejectReasons);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(accounting.totals.rejects);
    const line =
      'Mar  2 08:00:00 esx-oak dfwpktlogs: 1 INET match PASS domain-c7/4102 IN 60 TCP 198.51.100.7/40000->192.0.2.11/443 S T\n';
    await writeFile(path.join(cli.folder, 'bsd.log'), `${line}${line.replace('/443', '/70000')}`);
    const guessed = await cli.run('open', 'bsd.log', '-p', 'year.segw');
    expect(guessed.stdout).toMatch(/bad port +1/);
    expect(guessed.stdout).toContain('--year YEAR');
    const given = await json<Accounting>(
      'open',
      'bsd.log',
      '-p',
      'year.segw',
      '--json',
      '--year',
      '2019',
    );
    expect(given.sources).toMatchObject([
      { first: '2019-03-02T08:00:00.000Z', yearFrom: 'given', rejectReasons: { 'bad port': 1 } },
    ]);
    const bad = await cli.run('open', 'bsd.log', '--year', '19');
    expect(oneLine(bad, 2)).toContain('--year is a year');
  });

  test('of the same content twice counts nothing twice', async () => {
    const before = await flows('--by', 'action');
    const again = await cli.run('open', SAMPLE, '-p', BOOKS);
    expect(again.code).toBe(0);
    const after = await flows('--by', 'action');
    expect(after).toEqual(before);
  });

  test('--flows-only gives the same account and the same flows', async () => {
    const whole = JSON.parse(opened.stdout) as Accounting;
    const summed = await json<Accounting>(
      'open',
      SAMPLE,
      '-p',
      'sums.segw',
      '--flows-only',
      '--json',
    );
    const account = ({ sources, totals, rejectReasons }: Accounting) => ({
      sources: sources.map((source) => ({ ...source, holds: '' })),
      totals: { ...totals, seconds: 0 },
      rejectReasons,
    });
    expect(account(summed)).toEqual(account(whole));
    expect(new Set(summed.sources.map(({ holds }) => holds))).toEqual(new Set(['flows']));
    const by = ['--by', 'source,destination,service,action,rule,tag'];
    const sums = await json<FlowsJson>('flows', '-p', 'sums.segw', '--json', ...by);
    expect(sums).toEqual(await flows(...by));
    const again = await cli.run('open', SAMPLE, '-p', 'sums.segw', '--flows-only');
    expect(again.stdout).toContain('loaded before');
  });

  test('prints a table for people, and the sum', async () => {
    const { code, stdout } = await cli.run('open', SAMPLE, '-p', 'table.segw');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^source +host +format +first +last +lines +events +rejects/);
    expect(stdout).toContain(
      '12,038 lines = 11,946 events + 28 rejects + 56 of other programs + 8 blank, in ',
    );
  });

  test.each([
    ['a missing path', 'missing.log', '"missing.log" does not exist'],
    ['a log without firewall lines', 'other.log', 'no distributed firewall log lines'],
    ['an empty file', 'empty.log', 'is empty'],
    ['a truncated .gz', path.join(invalid, 'truncated.gz'), 'truncated.gz'],
  ])('of %s ends with 3 and one line', async (_, file, part) => {
    await writeFile(path.join(cli.folder, 'other.log'), 'a line\nof another program\n'.repeat(20));
    await writeFile(path.join(cli.folder, 'empty.log'), '');
    const ended = await cli.run('open', file, '-p', 'bad.segw');
    expect(oneLine(ended, 3)).toContain(part);
  });

  test('of a good and a bad path keeps and prints what was read', async () => {
    const ended = await cli.run('open', SAMPLE, 'missing.log', '-p', 'mixed.segw', '--json');
    expect(oneLine(ended, 3)).toContain('missing.log');
    const accounting = JSON.parse(ended.stdout) as Accounting;
    expect(accounting.totals.events).toBe(truth.totals.events);
  });

  test('stopped by Ctrl-C ends with 130 and leaves a usable project', async () => {
    const line =
      '2026-03-02T08:00:00.001Z esx-oak dfwpktlogs: 12345 INET match PASS domain-c7/4102 IN 60 TCP 198.51.100.7/40000->192.0.2.11/443 S SGTSWEB\n';
    await writeFile(path.join(cli.folder, 'long.log'), line.repeat(1_000_000));
    const running = cli.start('open', 'long.log', '-p', 'stopped.segw');
    await expect
      .poll(() => existsSync(path.join(cli.folder, 'stopped.segw')), { timeout: 20_000 })
      .toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    running.child.kill('SIGINT');
    expect(oneLine(await running.ended, 130)).toContain('Stopped');
    const after = await cli.run('flows', '-p', 'stopped.segw', '--json');
    expect(after.code).toBe(0);
    expect((JSON.parse(after.stdout) as FlowsJson).totalEvents).toBe(0);
  });
});
