import { expect, it } from 'vitest';
import { type Codes, storeNodes, type Writer } from '../../../main/engine/discover/discover.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { numberOf } from '../../../main/engine/store/rows.ts';
import { fixed, sql, u32 } from '../../../main/engine/store/sql.ts';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import { formatAddress, parseAddress } from '../../../shared/net/address.ts';
import { aFolder } from '../../support/engine.ts';

const ADDRESSES = 60_000;
/** 10.0.0.0 as a number. */
const FIRST = 0x0a00_0000;

const codes: Codes = {
  addressText: (code) => formatAddress({ family: 4, value: BigInt(code) }),
  addressCode: (address) => Number(parseAddress(address)?.value),
  codedAddresses: () => [],
  tagText: () => '',
  rulesetText: () => '',
  filterText: () => '',
  actionCode: () => 1,
  passing: () => [1],
};

it('the nodes of very many addresses are stored with a handful of statements', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('many.segw'));
  await database.write(sql`insert into flow
    select 0, ${u32(FIRST)} + i, ${u32(FIRST)} + (i + 1) % ${u32(ADDRESSES)}, 6, 443, 1, 0, 1, 0, 0, 0,
      1, 1, 0, 0, 0, 'epoch'::timestamp_ms, 'epoch'::timestamp_ms
    from range(${u32(ADDRESSES)}) as each(i)`);
  let statements = 0;
  const { editor } = database;
  const counting: Writer = {
    write: (statement) => {
      statements++;
      return editor.write(statement);
    },
    append: (table, rows) => editor.append(table, rows),
  };
  for (const place of ['first', 'again']) {
    statements = 0;
    await editor.transaction(() => storeNodes(counting, codes, EMPTY_INVENTORY));
    const rows = await database.query(
      fixed('select count(*) as n, count(distinct address) as d from address_node'),
    );
    const counts = rows.map((row) => [numberOf(row, 'n'), numberOf(row, 'd')]);
    expect(counts, place).toEqual([[ADDRESSES, ADDRESSES]]);
    expect(statements, place).toBeLessThan(10);
  }
  database.close();
});
