/** The formats a ruleset can be written in. */
export const EXPORT_FORMATS = ['nsx-t'] as const;

/** One of the formats a ruleset can be written in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A document ready to be saved. */
export interface ExportDocument {
  readonly format: ExportFormat;
  /** A file name without folder. */
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
  /** What the reader of the document must know before loading it: sentences. */
  readonly warnings: readonly string[];
  readonly counts: {
    readonly groups: number;
    readonly services: number;
    readonly policies: number;
    readonly rules: number;
  };
}
