/** What spreadsheets take for a formula when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV (RFC 4180); a cell that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A list in one cell: items with `; ` between, and in quotes where an item holds a semicolon or a quote. */
export function listCell(items: readonly string[]): string {
  return items
    .map((item) => (/[";]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item))
    .join('; ');
}
