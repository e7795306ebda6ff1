import { describe, expect, it, vi } from 'vitest';
import {
  ArchiveState,
  linesPerSecond,
  timeLeftMs,
} from '../../../renderer/archive/archive-state.svelte.ts';
import type { Accounting, OpenProgress, Project, Source } from '../../../shared/domain/archive.ts';
import { Cancelled, Failure, toRecord } from '../../../shared/failure/failure.ts';
import { aWorkbench, settle } from '../support/scripted.ts';

const totals = { lines: 10, events: 8, rejects: 1, other: 1, blank: 0, duplicates: 0 };
const empty: Project = {
  path: '/data/books.segw',
  schemaVersion: 1,
  sources: [],
  rejectReasons: {},
  totals: { lines: 0, events: 0, rejects: 0, other: 0, blank: 0, duplicates: 0 },
  window: null,
  notices: [],
};
const full: Project = { ...empty, totals };
const account: Accounting = {
  project: '/data/books.segw',
  sources: [],
  rejectReasons: {},
  skipped: [],
  skippedCount: 0,
  failures: [],
  totals: { ...totals, seconds: 0.1 },
};
const progress: OpenProgress = {
  kind: 'open',
  path: '/logs/a.gz',
  doneBytes: 250,
  totalBytes: 1_000,
  lines: 5_000,
  events: 4_000,
  rejects: 2,
  elapsedMs: 2_000,
};

describe('opening archives', () => {
  it('goes to the map after the first load and offers the account', async () => {
    let project = empty;
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(project),
      'archive.open': () => {
        project = full;
        return Promise.resolve(account);
      },
    });
    await workbench.readProject();
    const archive = new ArchiveState(workbench);
    await archive.openPaths(['/logs/a.gz']);
    expect(workbench.view).toBe('map');
    expect(workbench.toasts.list[0]?.text).toBe('8 events loaded from 0 sources.');
    workbench.toasts.list[0]?.action?.run();
    expect(workbench.view).toBe('open');
    expect(archive.tasks).toEqual([]);
  });

  it('shows progress while it runs, and cancels through the contract', async () => {
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(empty),
      'archive.open': (_, { report, signal }) =>
        new Promise((_resolve, reject) => {
          report(progress);
          signal.addEventListener('abort', () => {
            reject(new Cancelled());
          });
        }),
    });
    const archive = new ArchiveState(workbench);
    const done = archive.openPaths(['/logs/a.gz']);
    await vi.waitFor(() => {
      expect(archive.tasks[0]?.progress?.lines).toBe(5_000);
    });
    expect(archive.summary).toBe('Reading a.gz, 25 %');
    archive.tasks[0]?.cancel();
    await done;
    expect(archive.tasks).toEqual([]);
    expect(workbench.toasts.list.map((toast) => toast.text)).toEqual(['Opening was cancelled.']);
  });

  it('uploads files first and opens the paths they got, under their own names', async () => {
    const opened: unknown[] = [];
    const workbench = aWorkbench(
      {
        'project.read': () => Promise.resolve(full),
        'archive.open': ({ paths, names }) => {
          opened.push({ paths, names });
          return Promise.resolve(account);
        },
      },
      {
        upload: (file, { onProgress }) => {
          onProgress(file.size);
          return Promise.resolve(`/tmp/${file.name}`);
        },
      },
    );
    await workbench.readProject();
    await new ArchiveState(workbench).open([
      { kind: 'file', file: new File(['x'], 'a.gz') },
      { kind: 'path', path: '/logs/b.gz' },
    ]);
    expect(opened).toEqual([{ paths: ['/tmp/a.gz', '/logs/b.gz'], names: ['a.gz', '/logs/b.gz'] }]);
  });

  it('opens a project file as a project, not as an archive', async () => {
    const calls: string[] = [];
    const state = { ruleset: { policies: [] }, revision: 0, undo: null, redo: null };
    const workbench = aWorkbench({
      'project.open': ({ path }) => {
        calls.push(path);
        return Promise.resolve({ ...empty, path });
      },
      'ruleset.read': () => Promise.resolve(state),
    });
    await new ArchiveState(workbench).openPaths(['/data/other.segw']);
    await settle();
    expect(calls).toEqual(['/data/other.segw']);
    expect(workbench.project?.path).toBe('/data/other.segw');
  });

  it('says what went wrong with one member, though the rest was loaded', async () => {
    const failure = toRecord(
      new Failure('archive-damaged', {
        path: 'b.gz',
        reason: 'unexpected end',
        kept: 'The 7 lines',
      }),
    );
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(full),
      'archive.open': () => Promise.resolve({ ...account, failures: [failure] }),
      'setting.write': () => Promise.resolve(null),
    });
    await workbench.readProject();
    await new ArchiveState(workbench).openPaths(['/logs/b.gz']);
    expect(workbench.recent.files.map(({ path }) => path)).toEqual(['/logs/b.gz']);
    expect(workbench.toasts.list.map((toast) => toast.tone)).toEqual(['bad', 'good']);
    expect(workbench.toasts.list[0]?.text).toContain('"b.gz" is damaged: unexpected end.');
  });

  it('says the sentence of the failure', async () => {
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(empty),
      'archive.open': () => Promise.reject(new Failure('archive-empty', { path: '/logs/a.gz' })),
    });
    await new ArchiveState(workbench).openPaths(['/logs/a.gz']);
    expect(workbench.toasts.list[0]).toMatchObject({
      tone: 'bad',
      text: '"/logs/a.gz" is empty: there is nothing to open.',
      details: null,
    });
  });
});

describe('the pace of reading', () => {
  it('gives lines a second and the time left', () => {
    expect(linesPerSecond(progress)).toBe(2_500);
    expect(timeLeftMs(progress)).toBe(6_000);
  });

  it('knows no time left before anything was read', () => {
    expect(timeLeftMs({ ...progress, doneBytes: 0 })).toBeNull();
    expect(linesPerSecond({ ...progress, elapsedMs: 0 })).toBe(0);
  });
});

describe('loading again with another year', () => {
  const source: Source = {
    path: 'logs.tgz!esx/dfwpktlogs.log',
    host: null,
    format: 'nsx-v',
    first: '2026-03-02T08:00:00.000Z',
    last: '2026-03-02T08:00:00.000Z',
    lines: 1,
    events: 1,
    rejects: 0,
    rejectReasons: {},
    other: 0,
    blank: 0,
    duplicates: 0,
    state: 'done',
    yearFrom: 'mtime',
    holds: 'events',
    error: null,
  };

  it('reads the archive around the source, an uploaded one from where it was put', async () => {
    const asked: unknown[] = [];
    const workbench = aWorkbench({
      'project.read': () => Promise.resolve(full),
      'archive.open': (args) => {
        asked.push(args);
        return Promise.resolve(account);
      },
    });
    const archive = new ArchiveState(workbench);
    await archive.openAgain(source, 2025);
    vi.spyOn(workbench.platform, 'upload').mockResolvedValue('/tmp/file-1/logs.tgz');
    await archive.open([{ kind: 'file', file: new File(['x'], 'logs.tgz') }]);
    await archive.openAgain(source, 2024);
    expect(asked).toEqual([
      { paths: ['logs.tgz'], names: ['logs.tgz'], year: 2025 },
      { paths: ['/tmp/file-1/logs.tgz'], names: ['logs.tgz'] },
      { paths: ['/tmp/file-1/logs.tgz'], names: ['logs.tgz'], year: 2024 },
    ]);
  });
});
