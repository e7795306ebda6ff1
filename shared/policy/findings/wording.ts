import type { CompiledRule } from '../compile.ts';

/** Rules named in one sentence; the rest is counted. */
const NAMED = 4;

/** Names in one sentence, the first of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** Whether suggestions and fixes must leave a rule alone. */
export function isLocked({ rule, policy }: CompiledRule): boolean {
  return rule.locked === true || policy.locked === true;
}
