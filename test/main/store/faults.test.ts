import { expect, it } from 'vitest';
import { Database } from '../../../main/engine/store/database.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { aFolder, anEngine, SAMPLE } from '../../support/engine.ts';

it('an error of the project itself is not told as damage of the archive', async () => {
  await using folder = await aFolder();
  const file = folder.file('p.segw');
  const database = await Database.open(file);
  await database.write(fixed('alter table source drop column duplicate_count'));
  database.close();
  await using test = await anEngine(file);
  await expect(test.client.call('archive.open', { paths: [SAMPLE] })).rejects.toMatchObject({
    code: 'internal',
  });
});
