import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE } from '../../conformance/temp-engine.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();

/** The project the sample is loaded into before the tests. */
const BOOKS = 'books.segw';

beforeAll(async () => {
  await cli.run('open', SAMPLE, '--project', BOOKS);
});

describe('help and version', () => {
  test.each([['--version'], ['-v'], ['version']])('%s prints the version', async (arg) => {
    const packageFile = new URL('../../../package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
    expect(await cli.run(arg)).toEqual({ code: 0, stdout: `segwright ${version}\n`, stderr: '' });
  });

  test.each([[['--help']], [['-h']], [['help']]])('%j explains all commands', async (args) => {
    const { code, stdout } = await cli.run(...args);
    expect(code).toBe(0);
    for (const name of ['open', 'flows', 'discover', 'inventory', 'rules', 'export', 'ui']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  test.each([[['flows', '--help']], [['help', 'flows']], [['flows', '--by', 'src', '-h']]])(
    '%j explains the command',
    async (args) => {
      const { code, stdout } = await cli.run(...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: segwright flows/);
    },
  );
});

describe('bad use ends with 2 and one line', () => {
  test.each<[string[], string]>([
    [[], 'Give a command'],
    [['frobnicate'], 'no command "frobnicate"'],
    [['--frobnicate'], 'no option "--frobnicate"'],
    [['open'], '"open" needs the path'],
    [['open', SAMPLE, '--frobnicate'], '--frobnicate'],
    [['flows', 'surplus'], '"surplus"'],
    [['flows', '--by', 'colour'], 'not "colour"'],
    [['flows', '--where', 'colour:red'], '"colour" is no field'],
    [['flows', '--from', 'yesterday'], '--from is a time'],
    [['flows', '--from', '2026-03-03', '--to', '2026-03-02'], '--from must be earlier'],
    [['flows', '--limit', 'all'], '--limit is a whole number'],
    [['flows', '--limit'], '--limit'],
    [['flows', '--format', 'parquet'], 'parquet is not there yet'],
    [['flows', '--format', 'xml'], 'not "xml"'],
    [['flows', '--format', 'csv', '--json'], 'contradict'],
    [['flows', '--order', 'colour'], '--order is one of'],
    [['flows', '-p', BOOKS, '--where', 'src:NOSUCHGROUP'], 'NOSUCHGROUP'],
    [['export'], '--format'],
    [['export', '--format', 'xlsx'], 'not "xlsx"'],
    [['export', '--format', 'csv', '--variant', 'draft'], 'use complete'],
    [['export', '--format', 'csv', '--target', '3'], 'it has none'],
    [['rules', 'add', '--from', 'SGTSWEB'], '"rules add" needs'],
    [['rules', 'add', '--from', 'a', '--to', 'b', '--service', 'HTTP'], 'not "HTTP"'],
    [
      ['rules', 'add', '-p', BOOKS, '--from', 'NOSUCH', '--to', 'SGTSDB', '--service', 'TCP/80'],
      '"NOSUCH"',
    ],
    [['ui', '--page', 'https://evil.example'], 'no http address of this machine'],
  ])('%j', async (args, part) => {
    const ended = await cli.run(...args);
    expect(oneLine(ended, 2)).toContain(part);
    expect(ended.stdout).toBe('');
  });
});

describe('a project', () => {
  test.each(['flows', 'discover', 'rules'])('that is missing stops %s with 3', async (command) => {
    const ended = await cli.run(command, '-p', 'nowhere.segw');
    expect(oneLine(ended, 3)).toContain('There is no project "nowhere.segw"');
    expect(existsSync(path.join(cli.folder, 'nowhere.segw'))).toBe(false);
  });

  test('that is another kind of file is left as it is', async () => {
    const file = path.join(cli.folder, 'foreign.segw');
    await writeFile(file, 'my diary\n'.repeat(1_000));
    expect(oneLine(await cli.run('flows', '-p', 'foreign.segw'), 3)).toContain('foreign.segw');
    expect(await readFile(file, 'utf8')).toBe('my diary\n'.repeat(1_000));
  });

  test('of a newer Segwright is refused', async () => {
    const file = path.join(cli.folder, 'newer.segw');
    await copyFile(path.join(cli.folder, BOOKS), file);
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run("update meta set text = '999' where key = 'schema-version'");
    connection.closeSync();
    instance.closeSync();
    const line = oneLine(await cli.run('flows', '-p', 'newer.segw'), 3);
    expect(line).toContain('newer Segwright (schema 999');
  });
});
