/** Nodes of the map that gather what has no group, as the map calls them. */
const GATHERINGS: ReadonlyMap<string, string> = new Map([
  ['node:outside', 'Outside'],
  ['node:blocked', 'Blocked sources'],
  ['node:other', 'Other addresses'],
  ['node:ungrouped', 'Workloads without a group'],
]);

/** A group or application as people call it: ids of the map without what tells their kind. */
export function plainName(id: string): string {
  const plain = id.replace(/^node:/, '').replace(/^(?:group|app|address|workload):/, '');
  return GATHERINGS.get(id) ?? plain;
}
