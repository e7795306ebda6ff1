import { describe, expect, it } from 'vitest';
import { filesOf, type DroppedItem } from '../../../renderer/app/dropped-files.ts';

type Tree = { readonly [name: string]: Tree | string };

/** A browser's folder or file, which gives its entries at most two at a time. */
function entryOf(name: string, tree: Tree | string, parent = ''): FileSystemEntry {
  const fullPath = `${parent}/${name}`;
  if (typeof tree === 'string') {
    const file = (done: (file: File) => void) => {
      done(new File([tree], name));
    };
    return { isFile: true, isDirectory: false, name, fullPath, file } as unknown as FileSystemEntry;
  }
  const children = Object.entries(tree).map(([each, sub]) => entryOf(each, sub, fullPath));
  const createReader = () => {
    let at = 0;
    const readEntries = (done: (entries: FileSystemEntry[]) => void) => {
      done(children.slice(at, (at += 2)));
    };
    return { readEntries };
  };
  const folder = { isFile: false, isDirectory: true, name, fullPath, createReader };
  return folder as unknown as FileSystemEntry;
}

function item(name: string, tree: Tree | string): DroppedItem {
  const entry = entryOf(name, tree);
  return { entry, file: new File([typeof tree === 'string' ? tree : ''], name) };
}

describe('what is dropped on a browser', () => {
  it('is its files, and all files under its folders by their paths', async () => {
    const logs: Tree = {
      'b.log': 'BB',
      'a.log': 'A',
      'c.log': 'CCC',
      'esx-1': { 'dfw.log': 'DDDD' },
      e: {},
    };
    const dropped = await filesOf([item('one.log', 'ONE'), item('logs', logs)]);
    if (!dropped.ok) throw new Error(dropped.problem);
    const read = dropped.chosen.map((each) =>
      each.kind === 'file' ? [each.name ?? each.file.name, each.file.size] : [],
    );
    expect(read).toEqual([
      ['one.log', 3],
      ['logs/a.log', 1],
      ['logs/b.log', 2],
      ['logs/c.log', 3],
      ['logs/esx-1/dfw.log', 4],
    ]);
  });

  it('is refused with a sentence where it is an empty folder, or nothing, or too much', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`f${i}`, '']));
    expect(await filesOf([item('logs', { e: {} })])).toMatchObject({
      ok: false,
      problem: 'The folder holds no files.',
    });
    expect(await filesOf([])).toMatchObject({ ok: false });
    expect(await filesOf([item('logs', many)])).toMatchObject({
      ok: false,
      problem: expect.stringContaining('more than 1,000 files') as string,
    });
  });
});
