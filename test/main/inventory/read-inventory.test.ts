import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSays,
  previewOf,
  readInventory,
} from '../../../main/engine/inventory/read-inventory.ts';
import type { ColumnChoice } from '../../../shared/domain/outside.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { fixture } from '../../support/engine.ts';
import { aWorkbook } from '../../support/workbook.ts';

const file = (name: string) => readInventory(readFileSync(fixture('inventory', name)), name);
const text = (content: string, columns?: ColumnChoice) =>
  readInventory(new TextEncoder().encode(content), 'list.csv', columns);

describe('groups of NSX-T', () => {
  it('are read with effective members, paths, addresses and names of machines', async () => {
    const { format, content, notices } = await file('nsx-t-groups.json');
    expect(format).toBe('nsx-t-groups');
    expect(content.names).toEqual({ '192.0.2.11': 'web-01' });
    const web = ['192.0.2.11', '192.0.2.12', '2001:db8::1'];
    expect(content.sets).toEqual([
      { kind: 'group', name: 'SGTSWEB', members: web, machines: ['web-01'] },
      { kind: 'group', name: 'SGTSBOOKS', members: web, machines: ['old-01', 'web-01'] },
      { kind: 'group', name: 'Legacy & more', members: [], machines: ['old-01'] },
      {
        kind: 'ip-set',
        name: 'books-vip',
        members: ['192.0.2.101', '198.51.100.0/28', '203.0.113.5-203.0.113.9'],
      },
    ]);
    expect(notices).toEqual(['1 values are no addresses and were left out: "nonsense".']);
  });

  it('are read from a tree too, and a missing page is told', async () => {
    const group = {
      resource_type: 'Group',
      display_name: 'A',
      expression: [],
      ip_addresses: ['192.0.2.1'],
    };
    const tree = {
      resource_type: 'Infra',
      children: [{ resource_type: 'ChildGroup', Group: group }],
    };
    const { content } = await text(JSON.stringify(tree));
    expect(content.sets).toEqual([{ kind: 'group', name: 'A', members: ['192.0.2.1'] }]);
    const { notices } = await text(JSON.stringify({ results: [group], cursor: '0001' }));
    expect(notices).toHaveLength(1);
  });
});

describe('security groups and IP sets of NSX-v', () => {
  it('are read with machines by name, IP sets and groups inside', async () => {
    const { format, content, notices } = await file('nsx-v-groups.xml');
    expect(format).toBe('nsx-v-groups');
    const office = ['192.0.2.10', '198.51.100.0/24', '203.0.113.5-203.0.113.9'];
    const byName = new Map(content.sets.map((set) => [set.name, set]));
    expect(byName.get('office')).toEqual({ kind: 'ip-set', name: 'office', members: office });
    expect(byName.get('SGTSWEB & co')).toMatchObject({ machines: ['web-01'], members: office });
    expect(byName.get('SGTSBOOKS')).toMatchObject({ machines: ['db-01', 'web-01'] });
    expect(notices).toEqual(['1 groups have dynamic members, which the file does not list.']);
  });

  it('with a document type or without an end are refused', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "c">]><list><ipset><name>&b;</name></ipset></list>`;
    await expect(text(bomb)).rejects.toMatchObject({ code: 'inventory-unreadable' });
    await expect(text('<list><ipset><name>a</name>')).rejects.toThrow(/cut off/);
  });
});

describe('RVTools', () => {
  it('vNetwork of new versions, several addresses in a cell', async () => {
    const { format, content, notices } = await file('rvtools-vnetwork.csv');
    expect(format).toBe('rvtools-csv');
    expect(content.names).toEqual({
      '192.0.2.11': 'web-01',
      '192.0.2.12': 'web-01',
      '2001:db8::11': 'web-01',
      '192.0.2.13': 'web-02',
    });
    expect(notices[0]).toContain('"unknown"');
  });

  it('vInfo with the inner names of old CSV files', async () => {
    const { format, content } = await file('rvtools-old.csv');
    expect(format).toBe('rvtools-csv');
    expect(content.names).toEqual({ '192.0.2.11': 'web-01' });
  });

  it('a workbook, both tabs', async () => {
    const bytes = aWorkbook({
      vInfo: [
        ['VM', 'Powerstate', 'Primary IP Address'],
        ['web-01', 'poweredOn', '192.0.2.11'],
      ],
      vCPU: [['VM'], ['other']],
      vNetwork: [
        ['VM', 'Powerstate', 'IP Address'],
        ['web-01', 'poweredOn', '192.0.2.12'],
      ],
    });
    const { format, content } = await readInventory(bytes, 'rvtools.xlsx');
    expect(format).toBe('rvtools-xlsx');
    expect(content.names).toEqual({ '192.0.2.11': 'web-01', '192.0.2.12': 'web-01' });
  });

  it('a ZIP file that is no workbook is refused', async () => {
    const bytes = new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]);
    await expect(readInventory(bytes, 'a.zip')).rejects.toBeInstanceOf(Failure);
  });
});

describe('any CSV', () => {
  const rows = 'server{}where\nalpha{}192.0.2.1\nbeta{}192.0.2.2\n';

  it.each([',', ';', '\t', '|'])('with the separator %j finds the addresses', async (separator) => {
    const { columns } = await text(rows.replaceAll('{}', separator));
    expect(columns).toEqual({ address: ['where'], name: null, group: null });
    const chosen = { address: ['where'], name: 'server', group: null };
    const { content } = await text(rows.replaceAll('{}', separator), chosen);
    expect(content.names).toEqual({ '192.0.2.1': 'alpha', '192.0.2.2': 'beta' });
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFFname;ip\nMüller;192.0.2.1\n`, 'utf16le')],
    ['UTF-16 without its mark', Buffer.from(`name;ip\nMüller;192.0.2.1\n`, 'utf16le')],
    ['UTF-8 with its mark', Buffer.from(`\uFEFFname;ip\nMüller;192.0.2.1\n`)],
    ['Windows-1252', Buffer.from(`name;ip\nMüller;192.0.2.1\n`, 'latin1')],
    ['a separator line', Buffer.from(`sep=;\nname;ip\nMüller;192.0.2.1\n`)],
  ])('in %s', async (_, bytes) => {
    const { content, format } = await readInventory(bytes, 'list.csv');
    expect(format).toBe('csv');
    expect(content.names).toEqual({ '192.0.2.1': 'Müller' });
  });

  it('with groups in a column', async () => {
    const { content } = await text('name,ip,security group\na,192.0.2.1,WEB; ALL\nb,,WEB\n');
    expect(content.sets).toEqual([
      { kind: 'group', name: 'WEB', members: ['192.0.2.1'], machines: ['b'] },
      { kind: 'group', name: 'ALL', members: ['192.0.2.1'] },
    ]);
  });

  it('a column that does not exist is told with those that do', async () => {
    const columns = { address: ['IP'], name: 'server', group: null };
    await expect(text('server,where\na,192.0.2.1\n', columns)).rejects.toThrow(
      /no column "IP"; its columns are server, where/,
    );
  });

  it('a preview shows the first rows; a file that says nothing is refused', async () => {
    const read = await text('a,b\nx,192.0.2.1\n');
    expect(previewOf(read, 'list.csv')).toMatchObject({
      headers: ['a', 'b'],
      rows: [['x', '192.0.2.1']],
      names: 0,
    });
    expect(() => checkSays(read, 'list.csv')).toThrow(/no column holds names/);
    const none = await text('a,b\nx,y\n');
    expect(() => checkSays(none, 'list.csv')).toThrow(/no column holds addresses/);
  });

  it('every name comes back that a spreadsheet would write', async () => {
    const cell = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((each) => {
      const clean = each.trim();
      // eslint-disable-next-line no-control-regex -- control characters are what is left out
      return clean !== '' && !/[\u0000-\u001f\ufeff]/.test(clean);
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 8 }), async (names) => {
        const quoted = names.map((name, at) => `"${name.replaceAll('"', '""')}",192.0.2.${at + 1}`);
        const { content } = await text(`name,ip\n${quoted.join('\n')}\n`);
        expect(Object.values(content.names)).toEqual(names.map((name) => name.trim()));
      }),
    );
  });
});

it('no bytes make it fail otherwise than by saying why', async () => {
  const soup = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 300 }).map((each) => new TextEncoder().encode(each)),
    fc.json().map((each) => new TextEncoder().encode(each)),
    fc.string({ maxLength: 60 }).map((each) => new TextEncoder().encode(`<list>${each}</list>`)),
  );
  await fc.assert(
    fc.asyncProperty(soup, async (bytes) => {
      try {
        await readInventory(bytes, 'soup');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
      }
    }),
    { numRuns: 500 },
  );
});
