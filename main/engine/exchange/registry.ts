import type { ExportFormat } from '../../../shared/domain/export.ts';
import type { Exporter } from './format.ts';
import { nsxTExporter } from './nsx-t/exporter.ts';
import { nsxVExporter } from './nsx-v/exporter.ts';
import { reportExporter } from './report/exporter.ts';
import { segwrightExporter } from './segwright/exporter.ts';
import { terraformExporter } from './terraform/exporter.ts';
import { csvExporter } from './text/csv-exporter.ts';
import { markdownExporter } from './text/markdown-exporter.ts';

/** One exporter for each format. */
export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  'nsx-t': nsxTExporter,
  'nsx-v': nsxVExporter,
  terraform: terraformExporter,
  csv: csvExporter,
  markdown: markdownExporter,
  report: reportExporter,
  segwright: segwrightExporter,
};
