/** The look of the report, on the screen and on paper. */
export const REPORT_STYLE = `
@page { size: A4 landscape; margin: 14mm 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; color: #17202b; background: #fff;
  font: 12px/1.45 system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; }
h1 { margin: 0 0 4px; font-size: 24px; }
h2 { margin: 28px 0 8px; padding-bottom: 4px; border-bottom: 2px solid #2457d6; font-size: 16px;
  break-after: avoid; }
h3 { margin: 18px 0 6px; font-size: 13px; break-after: avoid; }
p { margin: 0 0 8px; }
.muted { color: #4a5666; }
.figures { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 12px 0 0; }
.figures div b { display: block; font-size: 18px; }
table { width: 100%; border-collapse: collapse; font-size: 11px; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { padding: 4px 6px; border-bottom: 1px solid #b6c0ce; color: #4a5666; text-align: left;
  vertical-align: bottom; }
td { padding: 4px 6px; border-bottom: 1px solid #d8dee7; vertical-align: top; overflow-wrap: anywhere; }
td.short { white-space: nowrap; }
td.name { min-width: 110px; }
td.number, th.number { text-align: right; white-space: nowrap; }
code { font: 10.5px/1.4 ui-monospace, Consolas, 'Liberation Mono', monospace; }
.allow { color: #17755a; font-weight: 600; }
.deny { color: #b9302a; font-weight: 600; }
.off td { color: #647083; }
.warning { padding-left: 10px; border-left: 3px solid #8a5a00; }
.error { padding-left: 10px; border-left: 3px solid #b9302a; }
@media print { body { max-width: none; padding: 0; } }
`;
