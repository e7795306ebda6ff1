import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecord } from '../../../shared/domain/csv.ts';
import { countOf, printable } from '../../../main/cli/output.ts';
import { progressText } from '../../../main/cli/progress-line.ts';
import { formatTable } from '../../../main/cli/table.ts';

/** Reads one record as RFC 4180 says, independently of the writer. */
function readRecord(record: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (record[at] === '"') {
      for (at++; !(record[at] === '"' && record[at + 1] !== '"'); at++) {
        if (record[at] === '"') at++;
        cell += record[at] ?? '';
      }
      at++;
    } else {
      while (at < record.length && record[at] !== ',' && !record.startsWith('\r\n', at)) {
        cell += record[at++] ?? '';
      }
    }
    cells.push(cell);
    if (record[at] !== ',') return cells;
    at++;
  }
}

describe('a CSV record', () => {
  test('quotes commas, quotes and line breaks, and ends with CR LF', () => {
    expect(csvRecord(['plain', 'a,b', 'say "x"', 'two\nlines', 12, true])).toBe(
      'plain,"a,b","say ""x""","two\nlines",12,true\r\n',
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'puts an apostrophe before %j, which a spreadsheet would compute',
    (text) => {
      expect(readRecord(csvRecord([text]))).toEqual([`'${text}`]);
    },
  );

  test('leaves negative numbers alone', () => {
    expect(csvRecord([-1])).toBe('-1\r\n');
  });

  test('any texts are read back as they were, but for the apostrophe, and none begins a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        const back = readRecord(csvRecord(cells));
        expect(back.map((cell, at) => (cell === `'${cells[at]}` ? cells[at] : cell))).toEqual(
          cells,
        );
        for (const cell of back) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

describe('a table', () => {
  const rows = [
    { name: 'SGTSWEB', members: 4 },
    { name: 'x', members: 1234 },
  ];

  test('aligns texts left and numbers right', () => {
    const text = formatTable(rows, [
      { title: 'group', text: (row) => row.name },
      { title: 'n', text: (row) => String(row.members), isNumber: true },
    ]);
    expect(text).toBe('group       n\n-------  ----\nSGTSWEB     4\nx        1234\n');
  });

  test('shows only its titles where it has no rows', () => {
    expect(formatTable([], [{ title: 'group', text: () => '' }])).toBe('group\n-----\n');
  });

  test('does not let a name move the cursor, break the line or turn the text round', () => {
    const evil = { name: 'a\u001b[2J\nb\u202ec\u0000', members: 1 };
    const text = formatTable([evil], [{ title: 'group', text: (row) => row.name }]);
    expect(text.split('\n')).toHaveLength(4);
    for (const sign of ['\u001b', '\u202e', '\u0000']) expect(text).not.toContain(sign);
    expect(text).toContain('a\ufffd[2J\ufffdb\ufffdc\ufffd');
  });
});

test('a printable text keeps letters of any language', () => {
  expect(printable('Größe 日本 “x”')).toBe('Größe 日本 “x”');
});

test('a noun stands in the plural but for one', () => {
  expect([0, 1, 2_000].map((count) => countOf(count, 'rule'))).toEqual([
    '0 rules',
    '1 rule',
    '2,000 rules',
  ]);
});

describe('progress in one line', () => {
  const progress = {
    kind: 'open',
    path: 'bundle.tgz',
    doneBytes: 250,
    totalBytes: 1_000,
    lines: 40_000,
    events: 39_000,
    rejects: 10,
    elapsedMs: 20_000,
  } as const;

  test('says how far, how fast and how long still', () => {
    expect(progressText(progress)).toBe('25%, 40,000 lines, 2,000 lines/s, 1 min 0 s left');
  });

  test('makes no promise at the start', () => {
    const start = { ...progress, doneBytes: 0, totalBytes: 0, lines: 0, elapsedMs: 0 };
    expect(progressText(start)).toBe('0%, 0 lines');
  });

  test('never says more than all', () => {
    expect(progressText({ ...progress, doneBytes: 2_000 })).toContain('100%');
  });
});
