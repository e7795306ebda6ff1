import { writeFile, utimes } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../shared/domain/filter.ts';
import type { Source } from '../../shared/domain/archive.ts';
import { anEngine, type TestEngine } from '../support/engine.ts';

const REST =
  'esx-birch dfwpktlogs: 20411 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.11/1->192.0.2.20/80 S T';
const NEW_YEAR = [`<144>Dec 31 23:59:59 ${REST}`, `<144>Jan  1 00:00:01 ${REST}`];

async function put(test: TestEngine, name: string, lines: readonly string[]): Promise<string> {
  const file = test.folder.file(name);
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  const written = new Date('2026-03-02T00:00:00Z');
  await utimes(file, written, written);
  return file;
}

async function days(test: TestEngine): Promise<readonly string[]> {
  const events = await test.client.call('flow.evidence', { filter: NO_FILTER, limit: 100 });
  return events.map(({ at }) => new Date(at).toISOString().slice(0, 10)).sort();
}

function known(sources: readonly Source[]) {
  return sources.map(({ path, yearFrom }) => [path.split('/').at(-1), yearFrom]);
}

describe('how the year of a source is known', () => {
  it.each([
    ['its lines', 'a.log', [`2026-03-02T08:00:00Z ${REST}`], 'line'],
    ['its lines’ own years', 'a.log', [`Mar 02 2026 08:00:00 ${REST}`], 'line'],
    ['other lines', 'a.log', [...NEW_YEAR, `2026-01-01T08:00:00Z ${REST}`], 'other-lines'],
    ['its name', 'dfw-2026-01-01.log', NEW_YEAR, 'name'],
    ['when it was written', 'a.log', NEW_YEAR, 'mtime'],
    [
      'an ASA’s lines',
      'asa.log',
      [
        '<166>Mar  2 08:00:00 fw %ASA-6-106100: access-list x permitted tcp inside/192.0.2.1(1) -> outside/198.51.100.1(80) hit-cnt 1 first hit [0x1, 0x0]',
      ],
      'mtime',
    ],
  ] as const)('is told: %s', async (_, name, lines, want) => {
    await using test = await anEngine();
    const file = await put(test, name, lines);
    const { sources } = await test.client.call('archive.open', { paths: [file] });
    expect(known(sources)).toEqual([[name, want]]);
    expect(known((await test.client.call('project.read', {})).sources)).toEqual([[name, want]]);
  });
});

describe('a year that is given', () => {
  it('is that of the first line, and New Year is crossed from there', async () => {
    await using test = await anEngine();
    const file = await put(test, 'dfw-2031-01-01.log', NEW_YEAR);
    const { sources } = await test.client.call('archive.open', { paths: [file], year: 2019 });
    expect(known(sources)).toEqual([['dfw-2031-01-01.log', 'given']]);
    expect(await days(test)).toEqual(['2019-12-31', '2020-01-01']);
  });

  it('holds for the whole year of a file that begins in its first half', async () => {
    await using test = await anEngine();
    const file = await put(test, 'a.log', [...NEW_YEAR].reverse());
    await test.client.call('archive.open', { paths: [file], year: 2019 });
    expect(await days(test)).toEqual(['2019-01-01', '2019-12-31']);
  });

  it('puts the source in the place of the one loaded with another year, and only that', async () => {
    await using test = await anEngine();
    const guessed = await put(test, 'a.log', NEW_YEAR);
    const sure = await put(test, 'b.log', [`2024-03-02T08:00:00Z ${REST}`]);
    await test.client.call('archive.open', { paths: [guessed, sure] });
    const again = await test.client.call('archive.open', { paths: [guessed, sure], year: 2019 });
    expect(known(again.sources)).toEqual([['a.log', 'given']]);
    expect(again.skipped.map(({ path }) => path)).toEqual([sure]);
    const project = await test.client.call('project.read', {});
    expect(project.totals).toMatchObject({ events: 3, lines: 3 });
    expect(await days(test)).toEqual(['2019-12-31', '2020-01-01', '2024-03-02']);
    const { totalEvents } = await test.client.call('flow.list', {
      filter: NO_FILTER,
      by: ['service'],
      order: 'events',
      limit: 1,
      offset: 0,
    });
    expect(totalEvents).toBe(3);
  });

  it('twice the same is the same content', async () => {
    await using test = await anEngine();
    const file = await put(test, 'a.log', NEW_YEAR);
    await test.client.call('archive.open', { paths: [file], year: 2019 });
    const again = await test.client.call('archive.open', { paths: [file], year: 2019 });
    expect(again).toMatchObject({ sources: [], skippedCount: 1 });
    expect(await days(test)).toEqual(['2019-12-31', '2020-01-01']);
  });
});
