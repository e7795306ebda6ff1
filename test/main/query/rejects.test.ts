import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { faultIn } from '../../../main/engine/query/reject-fault.ts';
import { anEngine } from '../../support/engine.ts';
import { parseLine } from '../../support/parsed-line.ts';

const TIME = '2026-03-02T08:00:00Z 7';
const GOOD = `${TIME} INET match PASS 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S T`;
const BAD_PORT = `${TIME} INET match PASS 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/70000 S`;
const BAD_RULE = `${TIME} INET match PASS x OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S`;

describe('rejects', () => {
  it('are counted by reason for each source and in all, and listed by both', async () => {
    await using test = await anEngine();
    const [a, b] = [test.folder.file('a.log'), test.folder.file('b.log')];
    await writeFile(a, `${[GOOD, BAD_PORT, GOOD, BAD_RULE, BAD_PORT].join('\n')}\n`);
    await writeFile(b, `${[GOOD.replace('08:', '09:'), BAD_RULE].join('\n')}\n`);
    const account = await test.client.call('archive.open', { paths: [a, b] });
    const project = await test.client.call('project.read', {});
    for (const { sources, rejectReasons } of [account, project]) {
      expect(rejectReasons).toEqual({ 'bad port': 2, 'no rule': 2 });
      expect(sources.map((source) => source.rejectReasons)).toEqual([
        { 'bad port': 2, 'no rule': 1 },
        { 'no rule': 1 },
      ]);
      for (const { rejects, rejectReasons: reasons } of sources) {
        expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(rejects);
      }
    }
    const list = async (question: { readonly reason?: string; readonly source?: string }) => {
      const page = { offset: 0, limit: 10, ...question };
      const { rows, totalRows } = await test.client.call('reject.list', page);
      return [totalRows, rows.map(({ source, line }) => `${source === a ? 'a' : 'b'}${line}`)];
    };
    expect(await list({})).toEqual([4, ['a2', 'a4', 'a5', 'b2']]);
    expect(await list({ reason: 'no rule' })).toEqual([2, ['a4', 'b2']]);
    expect(await list({ source: a })).toEqual([3, ['a2', 'a4', 'a5']]);
    expect(await list({ source: b, reason: 'bad port' })).toEqual([0, []]);
    const beyond = await test.client.call('reject.list', { offset: 10, limit: 10 });
    expect(beyond).toEqual({ rows: [], totalRows: 4 });
    const { rows } = await test.client.call('reject.list', { offset: 1, limit: 1 });
    expect(rows[0]).toMatchObject({ text: BAD_RULE, before: GOOD, after: BAD_PORT });
  });
});

describe('the place of a fault', () => {
  it.each([
    [`${TIME} INET match PASS ⟦x⟧ OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S`, 'no rule'],
    [`${TIME} INET ⟦match pass⟧ 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S`, 'no action'],
    [`${TIME} INET match PASS 2 OUT ⟦60 QQ⟧ 192.0.2.1/1->192.0.2.2/2`, 'no protocol'],
    [`${TIME} INET match PASS 2 OUT ⟦60 TCP 192.0.2.1/1⟧`, 'no addresses'],
    [`${TIME} INET match PASS 2 OUT 60 TCP ⟦192.0.2.256/1⟧->192.0.2.2/2`, 'bad address'],
    [`${TIME} INET match PASS 2 OUT 60 TCP 192.0.2.1/1->⟦192.0.2/2⟧ S`, 'bad address'],
    [`${TIME} INET match PASS 2 OUT 60 TCP 192.0.2.1/1->⟦192.0.2.2/70000⟧ S`, 'bad port'],
    [`${TIME} INET match PASS 2 OUT 60 TCP ⟦192.0.2.1⟧->192.0.2.2/2 S`, 'no port'],
    [`⟦7⟧ INET match PASS 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S`, 'no time'],
    [`${TIME} INET ⟦match PASS 2 TCP 192.0.2.1/1->192.0.2.2/2 S⟧`, 'no direction'],
  ])('is marked in %s', (marked, reason) => {
    const line = marked.replace(/[⟦⟧]/g, '');
    expect(parseLine(line)).toBe(reason);
    const start = marked.indexOf('⟦');
    expect(faultIn(line, reason)).toEqual({ start, end: marked.indexOf('⟧') - 1 });
  });

  it('is nowhere in what is no line of the firewall', () => {
    expect(faultIn('{"a":', 'bad record')).toBeNull();
    expect(faultIn('', 'bad address')).toBeNull();
    expect(faultIn('INET IN', 'bad port')).toBeNull();
  });
});
