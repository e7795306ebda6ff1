import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SAMPLE, truth } from '../../conformance/temp-engine.ts';
import { useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();
const BOOKS = 'books.segw';
const address = truth.groups.find(({ name }) => name === 'SGTSWEB')?.members[0] ?? '';

beforeAll(async () => {
  await cli.run('open', SAMPLE, '--project', BOOKS);
  const rows = `box;where;sg\nweb-01;${address};SGTSWEB\nalien;192.0.2.99;SGTSWEB\n`;
  writeFileSync(path.join(cli.folder, 'machines.csv'), rows);
});

test('names and groups are previewed, imported, used, listed and taken out', async () => {
  const given = ['--import', 'machines.csv', '--columns', 'address=where,name=box,group=sg'];
  const preview = await cli.run('inventory', '-p', BOOKS, ...given, '--preview');
  expect(preview.stdout).toContain('2 names, 1 group, 0 IP sets');
  const before = await cli.run('inventory', '-p', BOOKS, '--json');
  expect(JSON.parse(before.stdout)).toEqual({ imports: [], outside: [], contradictions: [] });

  const imported = await cli.run('inventory', '-p', BOOKS, ...given);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  expect(imported.stdout).toMatch(/SGTSWEB: \d+ members? only in the log/);
  const again = await cli.run('inventory', '-p', BOOKS, ...given);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('was imported already');

  const flows = await cli.run('flows', '-p', BOOKS, '--by', 'source', '--where', 'src:WEB-01');
  expect(flows.stdout).toContain(`web-01 (${address})`);

  const list = await cli.run('inventory', '-p', BOOKS, '--json');
  const { imports } = JSON.parse(list.stdout) as { imports: { id: string; names: number }[] };
  expect(imports).toMatchObject([{ id: 'import-1', names: 2 }]);
  const removed = await cli.run('inventory', '-p', BOOKS, '--remove', 'import-1', '--json');
  expect(JSON.parse(removed.stdout)).toMatchObject({ imports: [] });
});

test.each([
  [
    'no such column',
    ['--import', 'machines.csv', '--columns', 'address=nope'],
    2,
    'no column "nope"',
  ],
  ['no such file', ['--import', 'none.csv'], 3, 'does not exist'],
  ['columns of nothing', ['--columns', 'address=a'], 2, '--import'],
  [
    'a role that is none',
    ['--import', 'machines.csv', '--columns', 'ip=where'],
    2,
    'address=HEADER',
  ],
])('%s is told in one line', async (_, args, code, said) => {
  const ended = await cli.run('inventory', '-p', BOOKS, ...args);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(said);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
});
