import {
  EXPORT_CHOICES,
  EXPORT_FORMATS,
  EXPORT_TARGETS,
  EXPORT_VARIANTS,
  type ExportRequest,
} from '../../shared/domain/export.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { complain, countOf, print, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { BadUse, COMMON_OPTIONS, readArguments, readChoice, refusePositionals } from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  format: { type: 'string' },
  variant: { type: 'string' },
  target: { type: 'string' },
  out: { type: 'string', short: 'o' },
} as const;

interface Given {
  readonly format?: string | undefined;
  readonly variant?: string | undefined;
  readonly target?: string | undefined;
}

function readRequest({ format: formatText, variant, target }: Given): ExportRequest {
  if (formatText === undefined)
    throw new BadUse(`"export" needs --format ${EXPORT_FORMATS.join('|')}`);
  const format = readChoice('--format', formatText, EXPORT_FORMATS);
  const choice = EXPORT_CHOICES[format];
  const of = <T extends string>(
    option: string,
    text: string,
    all: readonly T[],
    own: readonly T[],
  ) => {
    const chosen = readChoice(option, text, all);
    if (own.includes(chosen)) return chosen;
    const known = own.length === 0 ? 'it has none' : `use ${own.join(', ')}`;
    throw new BadUse(`${option} ${text} is not there for ${format}; ${known}`);
  };
  const ids = <T>(items: readonly { readonly id: T }[]) => items.map(({ id }) => id);
  return {
    format,
    ...(variant === undefined
      ? {}
      : { variant: of('--variant', variant, EXPORT_VARIANTS, ids(choice.variants)) }),
    ...(target === undefined
      ? {}
      : { target: of('--target', target, EXPORT_TARGETS, ids(choice.targets)) }),
  };
}

async function printFirst(client: EngineClient, request: ExportRequest, name: string) {
  for (let offset: number | null = 0; offset !== null;) {
    const page: { readonly text: string; readonly next: number | null } = await client.call(
      'export.file',
      { ...request, name, offset },
    );
    await print(page.text);
    offset = page.next;
  }
}

/**
 * `segwright export`: the ruleset as a document of another system.
 *
 * @returns the exit code: 1 where the format cannot say all of the ruleset
 */
export async function exportRuleset(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  refusePositionals('export', positionals);
  const request = readRequest(values);
  const { out } = values;
  if (out === '') throw new BadUse('--out needs the path of a file or a folder');
  return withProject(values.project ?? DEFAULT_PROJECT, async (client) => {
    const preview = await client.call('export.preview', request);
    for (const { message } of preview.problems) complain(message);
    const left = preview.problemCount - preview.problems.length;
    if (left > 0) complain(`${left} more problems are not listed.`);
    const [first] = preview.files;
    if (first === undefined) {
      complain('Nothing was written.');
      return 1;
    }
    if (out === undefined) {
      await printFirst(client, request, first.name);
      return 0;
    }
    const saved = await client.call('export.save', { ...request, path: out });
    if (values.json === true) {
      const { variant, target, counts, problems } = preview;
      const warnings = problems.map(({ message }) => message);
      await printJson({ ...saved, ...request, variant, target, counts, warnings });
    } else {
      const more = saved.files.slice(1).map((file) => `and ${file}\n`);
      const size = `${countOf(saved.bytes, 'byte')}, ${countOf(preview.counts.rules, 'rule')}`;
      await print(`${saved.path}: ${size}\n${more.join('')}`);
    }
    return 0;
  });
}
