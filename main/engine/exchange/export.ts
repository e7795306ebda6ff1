import {
  EXPORT_CHOICES,
  type ExportDocument,
  type ExportRequest,
  type ExportVariant,
} from '../../../shared/domain/export.ts';
import type { Ruleset } from '../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import type { ExportInput, Exporter } from './format.ts';
import { buildModel } from './model/export-model.ts';
import { ExportReport } from './model/report.ts';
import { patchedPart, planPatch } from './nsx-t/patch-plan.ts';
import { EXPORTERS } from './registry.ts';

function baseNameOf(request: ExportRequest): string {
  const { format, variant } = request;
  const [usual] = EXPORT_CHOICES[format].variants;
  return variant === undefined || variant === usual?.id
    ? `segwright-${format}`
    : `segwright-${format}-${variant}`;
}

/** What is written of the ruleset: all, or what differs from what the system has. */
function writtenPart({ ruleset, base }: ExportInput, variant: ExportVariant): Ruleset {
  if (variant !== 'patch') return ruleset;
  return base === undefined ? { policies: [] } : patchedPart(ruleset, planPatch(ruleset, base));
}

/**
 * Writes a ruleset in a format. The same request and input always give the same bytes.
 *
 * What the format cannot express is among the problems as an error that names the rule, and there is then
 * no file: nothing is left out silently.
 *
 * @param baseName what the names of the files begin with
 * @throws Failure `export-empty` where there is no rule, `bad-arguments` where the format has no such variant
 */
export function exportRuleset(
  request: ExportRequest,
  input: ExportInput,
  baseName = baseNameOf(request),
): ExportDocument {
  const { format } = request;
  const choice = EXPORT_CHOICES[format];
  const exporter: Exporter = EXPORTERS[format];
  const variant = request.variant ?? choice.variants[0]?.id ?? 'complete';
  if (!choice.variants.some(({ id }) => id === variant)) {
    const problem = `${choice.label} has no variant "${variant}"`;
    throw new Failure('bad-arguments', { call: 'export', problem });
  }
  if (exporter.needsRules && rulesOf(input.ruleset).length === 0) throw new Failure('export-empty');
  const report = new ExportReport(exporter.system);
  const model = buildModel(
    {
      ruleset: writtenPart(input, variant),
      inventory: input.inventory,
      definitions: input.definitions ?? [],
      present: variant === 'patch' ? input.base : undefined,
    },
    report,
  );
  const target = choice.targets.length === 0 ? null : (request.target ?? '4');
  const task = { input, model, report, variant, target: target ?? '4', baseName };
  const { files, counts } = exporter.write(task);
  return {
    format,
    variant,
    target,
    baseName,
    files: report.hasErrors
      ? []
      : files.map(({ ending, mediaType, text }) => ({ name: baseName + ending, mediaType, text })),
    problems: report.problems,
    counts,
  };
}

/**
 * The document, where it may leave.
 *
 * @throws Failure `export-impossible` with the first rule that stops it
 */
export function refuseErrors(document: ExportDocument): ExportDocument {
  const errors = document.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return document;
  const more = errors.length === 1 ? '' : ` ${errors.length - 1} more stop it too.`;
  throw new Failure('export-impossible', {
    format: EXPORT_CHOICES[document.format].label,
    rule: first.rule ?? '',
    problem: first.message + more,
  });
}
