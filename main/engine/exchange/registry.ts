import type { ExportFormat } from '../../../shared/domain/export.ts';
import type { Exporter } from './format.ts';
import { nsxTExporter } from './nsx-t/exporter.ts';
import { segwrightExporter } from './segwright/exporter.ts';
import { csvExporter } from './text/csv-exporter.ts';
import { markdownExporter } from './text/markdown-exporter.ts';

/** One exporter for each format. */
export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  'nsx-t': nsxTExporter,
  csv: csvExporter,
  markdown: markdownExporter,
  segwright: segwrightExporter,
};
