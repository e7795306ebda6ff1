/** The formats a ruleset can be written in. */
export const EXPORT_FORMATS = [
  'nsx-t',
  'nsx-v',
  'terraform',
  'csv',
  'markdown',
  'report',
  'segwright',
] as const;

/** One of the formats a ruleset can be written in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The ways a format can be written. */
export const EXPORT_VARIANTS = ['complete', 'inline', 'objects', 'draft', 'patch'] as const;

/** One of the ways a format can be written. */
export type ExportVariant = (typeof EXPORT_VARIANTS)[number];

/** The versions of NSX-T that differ for an export: 3.x, and 4.x with 9.x. */
export const EXPORT_TARGETS = ['3', '4'] as const;

/** One of the versions of NSX-T. */
export type ExportTarget = (typeof EXPORT_TARGETS)[number];

/** What can be chosen for a format; the first variant and target are the usual ones. */
export interface ExportChoice {
  readonly label: string;
  readonly variants: readonly { readonly id: ExportVariant; readonly label: string }[];
  readonly targets: readonly { readonly id: ExportTarget; readonly label: string }[];
}

/** What can be chosen, by format. */
export const EXPORT_CHOICES: Readonly<Record<ExportFormat, ExportChoice>> = {
  'nsx-t': {
    label: 'NSX-T, NSX 4 and 9',
    variants: [
      { id: 'complete', label: 'Everything, for one call' },
      { id: 'draft', label: 'As a draft to publish by hand' },
      { id: 'patch', label: 'Only what differs from the current ruleset' },
    ],
    targets: [
      { id: '4', label: '4.x and 9.x' },
      { id: '3', label: '3.x' },
    ],
  },
  'nsx-v': {
    label: 'NSX-v 6.4',
    variants: [
      { id: 'inline', label: 'Sections with addresses, no objects' },
      { id: 'objects', label: 'Objects first, then sections' },
      { id: 'draft', label: 'As a saved configuration' },
    ],
    targets: [],
  },
  terraform: {
    label: 'Terraform, provider vmware/nsxt',
    variants: [{ id: 'complete', label: 'Everything' }],
    targets: [],
  },
  csv: { label: 'CSV', variants: [{ id: 'complete', label: 'Everything' }], targets: [] },
  markdown: { label: 'Markdown', variants: [{ id: 'complete', label: 'Everything' }], targets: [] },
  report: {
    label: 'Report to print (HTML)',
    variants: [{ id: 'complete', label: 'Everything' }],
    targets: [],
  },
  segwright: {
    label: 'Segwright ruleset',
    variants: [{ id: 'complete', label: 'Everything' }],
    targets: [],
  },
};

/** What is to be written, and how. */
export interface ExportRequest {
  readonly format: ExportFormat;
  /** The format's first variant where none is given. */
  readonly variant?: ExportVariant;
  /** The format's first target where none is given. */
  readonly target?: ExportTarget;
}

/**
 * What somebody must know before loading a document, or, as an error, why there is none: what a format
 * cannot say is never left out.
 */
export interface ExportProblem {
  readonly severity: 'error' | 'warning';
  /** The id of the rule it is about; `null` where it is about the whole. */
  readonly rule: string | null;
  /** The field of the rule, as `sources` or `tag`; `null` where it is about no single one. */
  readonly field: string | null;
  /** A sentence. */
  readonly message: string;
}

/** One file of a document. */
export interface ExportFile {
  /** A file name without folder. All of a document's begin with its base name. */
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

/** How much a document holds. */
export interface ExportCounts {
  readonly groups: number;
  readonly services: number;
  readonly policies: number;
  readonly rules: number;
}

/** A document ready to be saved: no file where a problem is an error. */
export interface ExportDocument {
  readonly format: ExportFormat;
  readonly variant: ExportVariant;
  readonly target: ExportTarget | null;
  /** What the names of the files begin with. */
  readonly baseName: string;
  /** The first is the one to load; the others go with it. */
  readonly files: readonly ExportFile[];
  readonly problems: readonly ExportProblem[];
  readonly counts: ExportCounts;
}

/** A document as the screen gets it: the beginning of every file. */
export interface ExportPreview extends Omit<ExportDocument, 'files'> {
  readonly files: readonly {
    readonly name: string;
    readonly mediaType: string;
    readonly bytes: number;
    readonly lines: number;
    /** The first characters, up to the end of a line where there is one. */
    readonly head: string;
    /** Whether `head` is the whole file. */
    readonly isWhole: boolean;
  }[];
  /** How many problems there are; `problems` holds the first of them. */
  readonly problemCount: number;
}
