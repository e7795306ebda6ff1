import type { ExportTarget } from '../../../../shared/domain/export.ts';

/**
 * Limits of the NSX Policy API that all its versions share (documents 3.1.0 and 9.1.0). The numbers
 * stand in `test/fixtures/nsx` too, where the API states them in its schema.
 */
export const NSX_LIMITS = {
  /** Characters of an id; a rule of our own, the API names none. */
  id: 255,
  displayName: 255,
  description: 1_024,
  notes: 2_048,
  /** Characters of the value of a tag. */
  tagValue: 256,
  /** Entries of each list of a rule, and of a policy's scope. */
  listItems: 128,
  /** Port values of one service entry; a range counts two. */
  portsPerEntry: 15,
  entriesPerService: 50,
  /** Addresses and paths one group may name, as 3.1 says in prose. */
  pathsPerGroup: 500,
  /** Objects one hierarchical call may carry on a local manager. */
  objectsPerCall: 5_000,
  sequenceNumber: 999_999,
  /** Conditions and nested expressions of one group, and conditions of one nested expression. */
  conditions: 5,
} as const;

/** Addresses of one expression: 3.1 and 9.1 differ, and 4.x documents none, so the smaller number holds. */
export const ADDRESSES_PER_EXPRESSION = 4_000;

/** The versions of NSX-T, as sentences call them. */
export const TARGET_NAMES: Readonly<Record<ExportTarget, string>> = {
  3: 'NSX-T 3.x',
  4: 'NSX 4.x and 9.x',
};
