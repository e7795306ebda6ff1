import { EXPORT_FORMATS, type ExportFormat } from '../../shared/domain/export.ts';
import { complain, countOf, print, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { BadUse, COMMON_OPTIONS, readArguments, readChoice, refusePositionals } from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  format: { type: 'string' },
  out: { type: 'string', short: 'o' },
} as const;

const LATER_FORMATS = ['nsx-v', 'terraform', 'csv', 'report'];

function readFormat(text: string): ExportFormat {
  if (LATER_FORMATS.includes(text)) {
    throw new BadUse(`--format ${text} is not there yet; use ${EXPORT_FORMATS.join(', ')}`);
  }
  return readChoice('--format', text, EXPORT_FORMATS);
}

/**
 * `segwright export`: the ruleset as a document of another system.
 *
 * @returns the exit code
 */
export async function exportRuleset(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  refusePositionals('export', positionals);
  if (values.format === undefined) {
    throw new BadUse(`"export" needs --format ${EXPORT_FORMATS.join('|')}`);
  }
  const format = readFormat(values.format);
  const { out } = values;
  if (out === '') throw new BadUse('--out needs the path of a file');
  const { document, saved } = await withProject(
    values.project ?? DEFAULT_PROJECT,
    async (client) => ({
      document: await client.call('export.preview', { format }),
      saved:
        out === undefined ? undefined : await client.call('export.save', { format, path: out }),
    }),
  );
  for (const warning of document.warnings) complain(warning);
  if (saved === undefined) {
    await print(document.text);
  } else if (values.json === true) {
    await printJson({ ...saved, format, counts: document.counts, warnings: document.warnings });
  } else {
    await print(
      `${saved.path}: ${countOf(saved.bytes, 'byte')}, ${countOf(document.counts.rules, 'rule')}\n`,
    );
  }
  return 0;
}
