/** What an inventory from outside was read from. */
export const INVENTORY_FORMATS = [
  'nsx-t-groups',
  'nsx-v-groups',
  'nsx-v-ipsets',
  'rvtools-csv',
  'rvtools-xlsx',
  'csv',
] as const;

/** One of the formats of inventories from outside. */
export type InventoryFormat = (typeof INVENTORY_FORMATS)[number];

/** A security group or an IP set of an inventory from outside. */
export interface OutsideSet {
  readonly kind: 'group' | 'ip-set';
  readonly name: string;
  /** Addresses; those of an IP set may be blocks and ranges. In address order. */
  readonly members: readonly string[];
  /** Names of virtual machines that belong to it, for files that hold no addresses. */
  readonly machines?: readonly string[];
}

/** What a file says about who is who. */
export interface OutsideContent {
  /** A name of an address, usually that of the virtual machine that has it; one for each address. */
  readonly names: Readonly<Record<string, string>>;
  readonly sets: readonly OutsideSet[];
}

/** An inventory from outside, as the project keeps it. */
export interface OutsideInventory extends OutsideContent {
  readonly id: string;
  /** Name of the file it came from, without its folder. */
  readonly file: string;
  readonly format: InventoryFormat;
  /** SHA-256 of the file's bytes, in hexadecimal digits. */
  readonly hash: string;
  /** Rows and objects that could not be used, as sentences. */
  readonly notices: readonly string[];
}

/** What is shown of an inventory from outside. */
export interface OutsideSummary {
  readonly id: string;
  readonly file: string;
  readonly format: InventoryFormat;
  readonly hash: string;
  readonly names: number;
  readonly groups: number;
  readonly ipSets: number;
  readonly notices: readonly string[];
}

/** The summary of an inventory from outside. */
export function summaryOf(imported: OutsideInventory): OutsideSummary {
  const { id, file, format, hash, notices } = imported;
  return {
    id,
    file,
    format,
    hash,
    notices,
    names: Object.keys(imported.names).length,
    groups: imported.sets.filter((set) => set.kind === 'group').length,
    ipSets: imported.sets.filter((set) => set.kind === 'ip-set').length,
  };
}

/** Which column of a table holds what. Columns are meant by their headers. */
export interface ColumnChoice {
  /** Columns with addresses; a cell may hold several. */
  readonly address: readonly string[];
  readonly name: string | null;
  /** A column with the names of groups; a cell may hold several. */
  readonly group: string | null;
}

/** What would be read from a file: for the user to look at before it is imported. */
export interface InventoryPreview {
  readonly file: string;
  readonly format: InventoryFormat;
  /** Headers of a table, empty where the format has none. */
  readonly headers: readonly string[];
  /** The first rows of a table. */
  readonly rows: readonly (readonly string[])[];
  /** The columns that were chosen or found; `null` where the format has none. */
  readonly columns: ColumnChoice | null;
  readonly names: number;
  readonly groups: number;
  readonly ipSets: number;
  /** Some of the names, for show. */
  readonly sample: readonly { readonly address: string; readonly name: string }[];
  readonly notices: readonly string[];
}
