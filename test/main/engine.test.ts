import path from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Accounting } from '../../shared/domain/archive.ts';
import { NO_FILTER } from '../../shared/domain/filter.ts';
import { Cancelled } from '../../shared/failure/failure.ts';
import { createCancelSource } from '../../shared/ipc/cancel.ts';
import { aLog } from '../support/archives.ts';
import { anEngine, fixture, SAMPLE, type TestEngine } from '../support/engine.ts';
import type { SampleTruth } from '../sample/truth.ts';

const truth = JSON.parse(
  readFileSync(fixture('sample/books-small.truth.json'), 'utf8'),
) as SampleTruth;

let test: TestEngine;
let accounting: Accounting;

beforeAll(async () => {
  test = await anEngine();
  accounting = await test.client.call('archive.open', { paths: [SAMPLE] });
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

describe('the sample archive', () => {
  it('is accounted for as it was made, file by file', () => {
    const counts = accounting.sources.map(({ path, lines, events, rejects, other, blank }) => ({
      path: path.slice(path.indexOf('!') + 1),
      lines,
      events,
      rejects,
      other,
      blank,
    }));
    const want = truth.sources.map(({ path, lines, events, rejects, other, blank }) => ({
      path,
      lines,
      events,
      rejects,
      other,
      blank,
    }));
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    expect([...counts].sort(byPath)).toEqual([...want].sort(byPath));
    for (const source of accounting.sources) {
      expect(source.lines).toBe(source.events + source.rejects + source.other + source.blank);
    }
  });

  it('names the hosts and forms it was made with', () => {
    const forms = new Map(accounting.sources.map((source) => [source.host, source.format]));
    expect(Object.fromEntries(forms)).toEqual({
      amber: 'nsx-v',
      birch: 'nsx-v',
      cedar: 'nsx-t',
      dune: 'nsx-t',
    });
  });

  it('gives the groups that the truth holds, nesting and catch-all too', async () => {
    const inventory = await test.client.call('inventory.read', {});
    const groups = inventory.groups.map(({ name, members, parents, children, events }) => ({
      name,
      members,
      parents,
      children,
      events,
    }));
    const want = truth.groups
      .map(({ name, members, parents, children, events }) => ({
        name,
        members,
        parents,
        children: [...children].sort(),
        events,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(groups).toEqual(want);
    expect(inventory.catchAllTags).toEqual([truth.catchAllTag]);
    expect(inventory.workloads).toBe(truth.workloads.length);
    expect(inventory.contradictions).toEqual([]);
  });

  it('shows no VIP, no shared service and no scanner as a workload', async () => {
    const { nodes } = await test.client.call('graph.read', { filter: NO_FILTER });
    const kinds = new Map(nodes.map((node) => [node.id, node.kind]));
    for (const vip of truth.vips) expect(kinds.get(`address:${vip.address}`)).toBe('vip');
    for (const shared of truth.shared) {
      expect(kinds.get(`address:${shared.address}`)).toBe('shared');
    }
    const blocked = await test.client.call('flow.list', {
      filter: { terms: [{ field: 'source', exclude: false, values: ['blocked'] }], window: null },
      by: ['source'],
      order: 'events',
      offset: 0,
      limit: 100,
    });
    expect(blocked.rows.map((row) => row.source)).toEqual(
      expect.arrayContaining([...truth.scanners]),
    );
  });

  it('draws the intended way from the web tier over the VIP to the app tier and the database', async () => {
    const { edges } = await test.client.call('graph.read', { filter: NO_FILTER });
    const has = (source: string, target: string, service: string) =>
      edges.some(
        (edge) =>
          edge.source === source && edge.target === target && edge.services.includes(service),
      );
    expect(has('group:SGTSWEB', 'address:192.0.2.102', 'TCP/80')).toBe(true);
    expect(has('address:192.0.2.102', 'group:SGTSAPP', 'TCP/8080')).toBe(true);
    expect(has('address:192.0.2.101', 'group:SGTSWEB', 'TCP/80')).toBe(true);
    expect(edges.some(({ source }) => source === 'address:192.0.2.251')).toBe(false);
    expect(has('group:SGTSAPP', 'group:SGTSDB', 'TCP/1433')).toBe(true);
    expect(edges.every((edge) => edge.source !== edge.target)).toBe(true);
    const scans = edges.filter((edge) => edge.source === 'blocked');
    expect(scans.length).toBeGreaterThanOrEqual(3);
    expect(scans.every((edge) => edge.state === 'blocked')).toBe(true);
  });

  it('is recognised when it is opened again', async () => {
    const again = await test.client.call('archive.open', { paths: [SAMPLE] });
    expect(again.sources).toEqual([]);
    expect(again.failures).toEqual([]);
    const project = await test.client.call('project.read', {});
    expect(project.totals.events).toBe(truth.totals.events);
  });
});

describe('the way of a session through a VIP', () => {
  it('needs a rule about the balancer at the members, who never see the client', async () => {
    const ends = { source: 'address:192.0.2.102', target: 'group:SGTSAPP' };
    const services = await test.client.call('graph.services', { filter: NO_FILTER, ...ends });
    expect(services.map(({ service }) => service)).toEqual(['TCP/8080']);
    const proposal = await test.client.call('rule.propose', ends);
    expect(proposal).toMatchObject({
      sources: [{ kind: 'ip-set', addresses: ['192.0.2.251', '192.0.2.252'] }],
      destinations: [{ kind: 'group', name: 'SGTSAPP' }],
      appliedTo: ['SGTSAPP'],
    });
  });
});

describe('a rule drawn from the web tier to the app VIP', () => {
  it('is proposed, added, undone, made again and exported', async () => {
    const { client } = test;
    const proposal = await client.call('rule.propose', {
      source: 'group:SGTSWEB',
      target: 'address:192.0.2.102',
    });
    expect(proposal).toMatchObject({
      sources: [{ kind: 'group', name: 'SGTSWEB' }],
      destinations: [{ kind: 'ip-set', addresses: ['192.0.2.102'] }],
      appliedTo: ['SGTSWEB'],
      policy: 'SGTSBOOKS',
    });
    const { policy, ...sides } = proposal;
    const added = await client.call('ruleset.change', {
      change: {
        kind: 'add-rule',
        policy,
        rule: {
          ...sides,
          services: ['TCP/80'],
          action: 'ALLOW',
          direction: 'IN_OUT',
          ipVersion: 'IPV4_IPV6',
          logged: true,
          notes: '',
          disabled: false,
        },
      },
    });
    expect(added).toMatchObject({ undo: 'Add rule "SGTSWEB to 192.0.2.102"', redo: null });
    const undone = await client.call('history.undo', {});
    expect(undone).toMatchObject({ undo: null, redo: added.undo });
    expect((await client.call('ruleset.read', {})).ruleset.policies).toEqual([]);
    await expect(client.call('history.undo', {})).rejects.toMatchObject({
      code: 'nothing-to-undo',
    });
    await expect(client.call('export.preview', { format: 'nsx-t' })).rejects.toMatchObject({
      code: 'export-empty',
    });
    const redone = await client.call('history.redo', {});
    expect(redone.undo).toBe(added.undo);
    expect((await client.call('ruleset.read', {})).ruleset).toEqual(added.ruleset);
    await expect(client.call('history.redo', {})).rejects.toMatchObject({
      code: 'nothing-to-redo',
    });
    const document = await client.call('export.preview', { format: 'nsx-t' });
    expect(document.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const file = test.folder.file('out.json');
    const saved = await client.call('export.save', { format: 'nsx-t', path: file });
    expect(readFileSync(file, 'utf8')).toBe(document.files[0]?.head);
    expect(saved.files.map((each) => path.basename(each))).toEqual([
      'out.json',
      'out.rollback.json',
      'out.README.md',
    ]);
    await expect(
      client.call('export.save', {
        format: 'nsx-t',
        path: test.folder.file('no/such/folder.json'),
      }),
    ).rejects.toMatchObject({ code: 'write-failed' });
  });
});

describe('the life of a project', () => {
  it('remembers everything when it is opened again', async () => {
    await using other = await anEngine();
    await other.client.call('archive.open', { paths: [SAMPLE] });
    const before = await Promise.all([
      other.client.call('graph.read', { filter: NO_FILTER }),
      other.client.call('inventory.read', {}),
    ]);
    await other.engine.close();
    await using reopened = await anEngine(other.projectPath);
    const after = await Promise.all([
      reopened.client.call('graph.read', { filter: NO_FILTER }),
      reopened.client.call('inventory.read', {}),
    ]);
    expect(after).toEqual(before);
  });

  it('a cancelled opening leaves what was there, and the archive can be opened again', async () => {
    await using other = await anEngine();
    const { client, folder } = other;
    const { writeFileSync } = await import('node:fs');
    writeFileSync(folder.file('first.log'), aLog(30));
    await client.call('archive.open', { paths: [folder.file('first.log')] });
    const big = aLog(60).repeat(20_000);
    writeFileSync(folder.file('big.log'), big);
    const cancel = createCancelSource();
    let isReported = false;
    const opening = client.call(
      'archive.open',
      { paths: [folder.file('big.log')] },
      {
        signal: cancel.signal,
        onProgress: () => {
          isReported = true;
          cancel.cancel();
        },
      },
    );
    await expect(opening).rejects.toBeInstanceOf(Cancelled);
    expect(isReported).toBe(true);
    const project = await client.call('project.read', {});
    expect(project.sources).toMatchObject([{ events: 30, state: 'done' }]);
    const flows = await client.call('flow.list', {
      filter: NO_FILTER,
      by: [],
      order: 'events',
      offset: 0,
      limit: 1,
    });
    expect(flows.totalEvents).toBe(30);
    writeFileSync(folder.file('big.log'), aLog(60, 12).repeat(2));
    const again = await client.call('archive.open', { paths: [folder.file('big.log')] });
    expect(again.totals.events).toBe(120);
  });

  it('another project can be opened in its place; a bad one leaves the present one open', async () => {
    await using other = await anEngine();
    const { client, folder } = other;
    const news: string[] = [];
    client.onNews((each) => news.push(each));
    const next = await client.call('project.open', { path: folder.file('next.segw') });
    expect(next.path).toBe(folder.file('next.segw'));
    await expect(client.call('project.open', { path: folder.path })).rejects.toMatchObject({
      code: 'project-foreign',
    });
    expect((await client.call('project.read', {})).path).toBe(folder.file('next.segw'));
    expect(news).toContain('project');
  });

  it('settings are remembered and a broken settings file does no harm', async () => {
    await using other = await anEngine();
    const { client, folder } = other;
    expect(await client.call('setting.read', { key: 'theme' })).toBeNull();
    await client.call('setting.write', { key: 'theme', value: 'dark' });
    expect(await client.call('setting.read', { key: 'theme' })).toBe('dark');
    expect(JSON.parse(readFileSync(folder.file('settings.json'), 'utf8'))).toEqual({
      theme: 'dark',
    });
  });
});
