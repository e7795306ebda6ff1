import { printable } from './output.ts';

/** A column of a printed table. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Numbers stand flush right. */
  readonly isNumber?: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many characters a reader sees; wide ones count as one. */
function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- plain ASCII is counted without the segmenter
  return /^[\u0000-\u007f]*$/.test(text) ? text.length : [...segmenter.segment(text)].length;
}

/** Lays rows out in aligned columns under their titles, two blanks between columns. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  const titles = columns.map((column) => column.title);
  const widths = titles.map((title, at) =>
    cells.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), widthOf(title)),
  );
  const line = (parts: readonly string[]) =>
    parts
      .map((part, at) => {
        const blanks = ' '.repeat((widths[at] ?? 0) - widthOf(part));
        return columns[at]?.isNumber === true ? blanks + part : part + blanks;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(titles), rule, ...cells.map(line)].map((each) => `${each}\n`).join('');
}
