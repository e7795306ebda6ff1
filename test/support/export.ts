import { exportRuleset, refuseErrors } from '../../main/engine/exchange/export.ts';
import type { ExportInput } from '../../main/engine/exchange/format.ts';
import type {
  ExportCounts,
  ExportDocument,
  ExportProblem,
  ExportRequest,
} from '../../shared/domain/export.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Ruleset } from '../../shared/domain/ruleset.ts';

/** A document with its first file at hand. */
export interface Exported extends ExportDocument {
  readonly text: string;
  readonly warnings: readonly string[];
  readonly counts: ExportCounts;
  /** The text of the file with the ending; fails where there is none. */
  file(ending: string): string;
}

/** Exports; throws the Failure that saving would end in. */
export function exported(request: ExportRequest, input: ExportInput): Exported {
  const document = refuseErrors(exportRuleset(request, input));
  const [first] = document.files;
  if (first === undefined) throw new Error('no file');
  return {
    ...document,
    text: first.text,
    warnings: document.problems.map(({ message }) => message),
    file(ending) {
      const found = document.files.find(({ name }) => name === document.baseName + ending);
      if (found !== undefined) return found.text;
      const names = document.files.map(({ name }) => name).join(', ');
      throw new Error(`no file ${ending} among ${names}`);
    },
  };
}

/** The problems of an export, errors first. */
export function problemsOf(request: ExportRequest, input: ExportInput): readonly ExportProblem[] {
  return exportRuleset(request, input).problems;
}

/** Exports as the one call of the NSX-T Policy API. */
export function toNsxT(ruleset: Ruleset, inventory: Inventory): Exported {
  return exported({ format: 'nsx-t' }, { ruleset, inventory });
}
