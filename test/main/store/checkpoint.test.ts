import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OpenProject } from '../../../main/engine/project.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import { aLog } from '../../support/archives.ts';
import { aFolder } from '../../support/engine.ts';

it('an archive is loaded while somebody else has written and not committed yet', async () => {
  await using folder = await aFolder();
  const file = folder.file('a.log');
  writeFileSync(file, aLog(60));
  const project = await OpenProject.open(folder.file('p.segw'));
  try {
    // The reader given back last is taken next.
    await project.database.query(fixed('begin transaction'));
    await project.database.query(fixed("insert into meta values ('of the test', 'yes')"));
    const given = [{ path: file, name: file }];
    const { totals } = await project.openArchives(given, NEVER, Date.now, () => undefined);
    expect(totals.events).toBe(60);
    await project.database.query(fixed('commit'));
    expect((await project.describe()).notices).toEqual([]);
  } finally {
    await project.close();
  }
});
