/** A cell a spreadsheet would take for a formula gets an apostrophe before it. */
function defuse(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function cell(content: string | number | bigint | boolean): string {
  if (typeof content !== 'string') return String(content);
  const text = defuse(content);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record of a CSV file as RFC 4180 writes it, with its line end. */
export function csvRecord(cells: readonly (string | number | bigint | boolean)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}
