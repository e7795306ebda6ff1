import { writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../shared/failure/failure.ts';
import { anEngine, type TestEngine } from '../support/engine.ts';

/** A tree of the Policy API with one rule, and what its group matches. */
function tree(id: string, action = 'ALLOW'): string {
  const rule = {
    resource_type: 'Rule',
    id,
    display_name: id,
    sequence_number: 10,
    source_groups: ['/infra/domains/default/groups/web'],
    destination_groups: ['192.0.2.7'],
    services: ['ANY'],
    scope: ['ANY'],
    action,
    rule_id: 1_005,
  };
  const group = {
    resource_type: 'Group',
    id: 'web',
    display_name: 'Web',
    expression: [
      {
        resource_type: 'Condition',
        member_type: 'VirtualMachine',
        key: 'Tag',
        operator: 'EQUALS',
        value: 'web',
      },
    ],
  };
  const policy = {
    resource_type: 'SecurityPolicy',
    id: 'shop',
    display_name: 'Shop',
    category: 'Application',
    sequence_number: 10,
    rules: [rule],
  };
  const children = [
    { resource_type: 'ChildGroup', Group: group },
    { resource_type: 'ChildSecurityPolicy', SecurityPolicy: policy },
  ];
  const domain = { resource_type: 'ChildResourceReference', id: 'default', target_type: 'Domain' };
  return JSON.stringify({ resource_type: 'Infra', children: [{ ...domain, children }] });
}

let world: TestEngine;

async function aFile(name: string, text: string): Promise<string> {
  const path = world.folder.file(name);
  await writeFile(path, text);
  return path;
}

beforeEach(async () => {
  world = await anEngine();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

describe('the import of a ruleset', () => {
  it('as the draft is one change: undo takes rules and groups back, redo brings both', async () => {
    const { client } = world;
    const first = await aFile('first.json', tree('first'));
    await client.call('ruleset.import', { paths: [first], as: 'draft' });
    const text = async () => (await client.call('export.preview', { format: 'segwright' })).files;
    const before = await text();
    expect(before[0]?.head).toContain('"value": "web"');
    const own = JSON.stringify({ policies: [] });
    await client.call('ruleset.import', { paths: [await aFile('own.json', own)], as: 'draft' });
    expect((await client.call('ruleset.read', {})).ruleset.policies).toEqual([]);
    const undone = await client.call('history.undo', {});
    expect(undone).toMatchObject({ undo: 'Import of a ruleset', redo: 'Import of a ruleset' });
    expect(await text()).toEqual(before);
    await client.call('history.redo', {});
    expect((await client.call('ruleset.read', {})).ruleset.policies).toEqual([]);
  });

  it('as the current ruleset leaves the draft alone, and can be undone and dropped', async () => {
    const { client } = world;
    const now = await aFile('now.json', tree('now'));
    expect(await client.call('ruleset.current', {})).toBeNull();
    await client.call('ruleset.import', { paths: [now], names: ['lab.json'], as: 'current' });
    expect(await client.call('ruleset.current', {})).toMatchObject({
      source: 'lab.json',
      format: 'nsx-t',
      rules: 1,
      unresolved: ['Web'],
      firstPolicies: [{ name: 'Shop', category: 'Application', rules: 1, disabled: 0 }],
    });
    expect((await client.call('ruleset.read', {})).ruleset.policies).toEqual([]);
    await client.call('ruleset.dropCurrent', {});
    expect(await client.call('ruleset.current', {})).toBeNull();
    await client.call('history.undo', {});
    expect(await client.call('ruleset.current', {})).not.toBeNull();
    await client.call('history.undo', {});
    expect(await client.call('ruleset.current', {})).toBeNull();
  });

  it('tells first what would come in, and why it cannot be the draft', async () => {
    const { client } = world;
    const ruleset = JSON.parse(tree('wide')) as object;
    const text = JSON.stringify(ruleset).replace(
      '"192.0.2.7"',
      Array.from({ length: 129 }, (_, at) => `"198.51.100.${at}"`).join(','),
    );
    const wide = await aFile('wide.json', text);
    const preview = await client.call('ruleset.preview', { paths: [wide] });
    expect(preview).toMatchObject({ rules: 1, groups: 1, draftRules: 0 });
    expect(preview.draftProblem).toContain('destinations');
    const good = await aFile('good.json', tree('good'));
    expect(await client.call('ruleset.preview', { paths: [good] })).toMatchObject({
      draftProblem: null,
    });
    await client.call('ruleset.import', { paths: [wide], as: 'current' });
    expect(await client.call('ruleset.current', {})).toMatchObject({ rules: 1 });
    expect((await client.call('ruleset.read', {})).ruleset.policies).toEqual([]);
  });

  it('kept by an earlier version is still the current ruleset', async () => {
    const { client } = world;
    const now = await aFile('now.json', tree('now'));
    await client.call('ruleset.import', { paths: [now], as: 'current' });
    const move = `insert into meta select key, text from document where part = 'imported-ruleset';
      delete from document where part = 'imported-ruleset'; checkpoint`;
    await again(move);
    expect(await world.client.call('ruleset.current', {})).toMatchObject({ rules: 1 });
  });

  it('that was damaged in the project is told, never taken as it is', async () => {
    const now = await aFile('now.json', tree('now'));
    await world.client.call('ruleset.import', { paths: [now], as: 'current' });
    await again(`update document set text = replace(text, '"ALLOW"', '"PERMIT"'); checkpoint`);
    const asked = world.client.call('ruleset.current', {});
    await expect(asked).rejects.toThrow(Failure);
    await expect(asked).rejects.toThrow(/current ruleset in this project.*import it again/);
  });
});

/** Closes the project, changes its file, and opens it again. */
async function again(statements: string): Promise<void> {
  const { engine, folder, projectPath } = world;
  await engine.close();
  const instance = await DuckDBInstance.create(projectPath);
  const connection = await instance.connect();
  await connection.run(statements);
  connection.closeSync();
  instance.closeSync();
  const next = await anEngine(projectPath);
  world = {
    ...next,
    [Symbol.asyncDispose]: async () => {
      await next[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('a saved export', () => {
  it('is named by what it holds, unless the ending is the user’s own', async () => {
    const { client, folder } = world;
    const now = await aFile(
      'now.json',
      tree('now').replace('/infra/domains/default/groups/web', '192.0.2.1'),
    );
    await client.call('ruleset.import', { paths: [now], as: 'draft' });
    const saved = async (name: string) => {
      const { path } = await client.call('export.save', {
        format: 'nsx-v',
        path: folder.file(name),
      });
      return path.slice(folder.path.length + 1);
    };
    expect(await saved('out.json')).toBe('out.xml');
    expect(await saved('rules.XML')).toBe('rules.xml');
    expect(await saved('v1.2-rules.conf')).toBe('v1.2-rules.conf');
    expect(await saved('out.xml')).toBe('out.xml');
  });
});
