import { findTagged } from '../../main/engine/discover/discover.ts';
import { findParts, roleFacts, type Codes } from '../../main/engine/discover/infer.ts';
import type { RoleFacts } from '../../main/engine/discover/roles.ts';
import { Names } from '../../main/engine/ingest/names.ts';
import { Database } from '../../main/engine/store/database.ts';
import { loadNames } from '../../main/engine/store/saved-names.ts';

/** What discovery needs of the texts of a project that no engine has open. */
export function codesOf(names: Names): Codes {
  return {
    addressText: (code) => names.addressText(code),
    addressCode: (address) => names.addressCode(address),
    codedAddresses: () => names.address.entriesFrom(0),
    tagText: (code) => names.tag.textOf(code),
    rulesetText: (code) => names.ruleset.textOf(code),
    filterText: (code) => names.filter.textOf(code),
    actionCode: (action) => names.action.codeOfText(action),
    passing: () => [names.action.codeOfText('PASS')],
  };
}

/** Reads what roles are told by from a project file, and gives it to `use`. */
export async function withRoleFacts<T>(
  project: string,
  use: (facts: RoleFacts, codeOf: (address: string) => number | undefined) => T,
): Promise<T> {
  const database = await Database.open(project);
  try {
    const names = new Names();
    await loadNames(database, names);
    const codes = codesOf(names);
    const found = await database.transaction(async () => {
      const { tagged, workloads } = await findTagged(database, codes);
      return findParts(database, codes, tagged, workloads);
    });
    return use(roleFacts(found), (address) => names.addressCode(address));
  } finally {
    database.close();
  }
}
