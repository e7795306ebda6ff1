import type { CheckedGroup } from './schema.ts';

type Groups = ReadonlyMap<string, CheckedGroup>;

function inside(groups: Groups, path: string): readonly string[] {
  return (groups.get(path)?.expression ?? []).flatMap((each) =>
    each.resource_type === 'PathExpression' ? each.paths : [],
  );
}

/** Whether a group lies in another, however deep. */
export function reaches(groups: Groups, from: string, to: string): boolean {
  const seen = new Set<string>();
  const waiting = [...inside(groups, from)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...inside(groups, next));
  }
  return false;
}

/** Whether a group of the file holds addresses alone, as do all groups in it. */
export function isAddressOnly(groups: Groups, path: string, seen = new Set<string>()): boolean {
  const group = groups.get(path);
  if (group === undefined) return false;
  if (seen.has(path)) return true;
  seen.add(path);
  return group.expression.every(
    (each) =>
      each.resource_type === 'ConjunctionOperator' ||
      each.resource_type === 'IPAddressExpression' ||
      (each.resource_type === 'PathExpression' &&
        each.paths.every((inner) => isAddressOnly(groups, inner, seen))),
  );
}
