/**
 * Limits of the NSX Policy API (document 3.1.0, the strictest of the versions written for; 9.1 is
 * wider in some places). The numbers stand in `test/fixtures/nsx` too, where the API states them
 * in its schema.
 */
export const NSX_LIMITS = {
  /** Characters of an id; a rule of our own, the API names none. */
  id: 255,
  displayName: 255,
  description: 1_024,
  notes: 2_048,
  /** Entries of each list of a rule, and of a policy's scope. */
  listItems: 128,
  addressesPerExpression: 4_000,
  /** Port values of one service entry; a range counts two. */
  portsPerEntry: 15,
  entriesPerService: 50,
  /** Addresses and paths one group may name, as 3.1 says in prose. */
  pathsPerGroup: 500,
  /** Objects one hierarchical call may carry on a local manager. */
  objectsPerCall: 5_000,
  sequenceNumber: 999_999,
} as const;
