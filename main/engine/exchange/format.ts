import type {
  ExportCounts,
  ExportFormat,
  ExportTarget,
  ExportVariant,
} from '../../../shared/domain/export.ts';
import type { GroupDefinition, ImportedRuleset } from '../../../shared/domain/imported.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import type { Ruleset } from '../../../shared/domain/ruleset.ts';
import type { ExportModel } from './model/export-model.ts';
import type { ExportReport } from './model/report.ts';
import type { ReportFacts } from './report/facts.ts';

/** Everything a document can be made of. */
export interface ExportInput {
  readonly ruleset: Ruleset;
  readonly inventory: Inventory;
  /** Groups other systems define, for the names the ruleset uses. */
  readonly definitions?: readonly GroupDefinition[] | undefined;
  /** The ruleset that is in the system now, which a patch changes. */
  readonly base?: ImportedRuleset | undefined;
  /** What only the report shows. */
  readonly facts?: ReportFacts | undefined;
}

/** What an exporter works with. */
export interface ExportTask {
  readonly input: ExportInput;
  readonly model: ExportModel;
  readonly report: ExportReport;
  readonly variant: ExportVariant;
  readonly target: ExportTarget;
  readonly baseName: string;
}

/** A file as an exporter gives it; its name is the base name with the ending. */
export interface WrittenFile {
  /** As `.json` or `.README.md`. */
  readonly ending: string;
  readonly mediaType: string;
  readonly text: string;
}

/** What an exporter made. */
export interface Written {
  readonly files: readonly WrittenFile[];
  readonly counts: ExportCounts;
}

/** A format: one of these for each. */
export interface Exporter {
  readonly format: ExportFormat;
  /** The system, as sentences call it. */
  readonly system: string;
  /** Whether a ruleset without rules cannot be written. */
  readonly needsRules: boolean;
  /** Writes the files. What cannot be said goes to the report as an error, and no file leaves then. */
  write(task: ExportTask): Written;
}
