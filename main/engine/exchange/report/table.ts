import { html, Html, htmlText } from './html.ts';

/** A column of a table: its title, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A number with commas between thousands. */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A share as per cent, rounded down: 100 % is said of everything only. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}

/** Texts, one a line. */
export function lines(items: readonly string[]): Html {
  return new Html(items.map(htmlText).join('<br>'));
}

/** A table with its rows, each of them a `tr`. */
export function table(columns: readonly Column[], rows: readonly Html[]): Html {
  const heads = columns.map(({ title, isNumber = false }) =>
    isNumber ? html`<th class="number">${title}</th>` : html`<th>${title}</th>`,
  );
  return html`<table>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
