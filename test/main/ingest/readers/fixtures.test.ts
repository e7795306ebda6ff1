import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseReader, readerByName } from '../../../../main/engine/ingest/readers/registry.ts';
import { fixture } from '../../../support/engine.ts';
import { bytesOf, contextOf, logFixtures, type ReadLog, readWith } from './read-log.ts';

interface Expected extends ReadLog {
  readonly reader: string;
}

const names = logFixtures('logs');

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(fixture('logs', `${name}.expected.json`), 'utf8')) as Expected;
}

describe.each(names)('the log %s', (name) => {
  const bytes = bytesOf('logs', name);
  const { reader, ...want } = expectedOf(name);

  it('is recognised', () => {
    expect(chooseReader(contextOf(bytes, name))?.name).toBe(reader);
  });

  it('gives these events and this account', async () => {
    expect(await readWith(readerByName(reader), bytes, contextOf(bytes, name))).toEqual(want);
  });

  it.each([1, 7, 64])('gives the same in chunks of %i bytes', async (length) => {
    const context = contextOf(bytes, name);
    expect(await readWith(readerByName(reader), bytes, context, length)).toEqual(want);
  });

  it('gives the same without its last line feed', async () => {
    const cut = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
    const got = await readWith(readerByName(reader), cut, contextOf(cut, name));
    expect(got.events).toEqual(want.events);
  });
});
