import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { RejectedSuggestion } from '../../../../shared/domain/suggestion.ts';
import type { RuleDraft, RuleObject } from '../../../../shared/domain/ruleset.ts';
import type { DocumentChange, History } from '../../store/history.ts';

const kept = v.object({ policy: v.string(), name: v.string() });

/**
 * What a suggestion is remembered by: its policy, the names of its sides, its services and action.
 * The addresses an IP set gathers may grow as more is logged, and tags may be numbered otherwise:
 * it is still the same suggestion then.
 */
export function suggestionKey(policy: string, rule: RuleDraft): string {
  const names = (objects: readonly RuleObject[]) =>
    objects.map(({ kind, name }) => [kind, name]).sort();
  const { sources, sourcesNegated = false, destinations, services, action } = rule;
  const scope = action === 'ALLOW' ? [] : [...rule.appliedTo].sort();
  const meaning = [
    ...[policy, names(sources), sourcesNegated, names(destinations)],
    ...[[...services].sort(), action, scope],
  ];
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 32);
}

function labelOf(verb: string, names: readonly string[]): string {
  const [only] = names;
  return only !== undefined && names.length === 1
    ? `${verb} suggestion "${only}"`.slice(0, 255)
    : `${verb} ${names.length} suggestions`;
}

/** The suggestions the analyst rejected, as the project file keeps them. To be changed in turn. */
export class Rejections {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  /** All of them, by their keys. */
  async read(): Promise<readonly RejectedSuggestion[]> {
    const documents = await this.#history.documents('suggestion');
    return [...documents].map(([key, text]) => ({ key, ...v.parse(kept, JSON.parse(text)) }));
  }

  /** Remembers some more, as one step that can be undone. */
  async add(rejected: readonly RejectedSuggestion[]): Promise<void> {
    const changes = rejected.map(({ key, policy, name }): DocumentChange => {
      return { part: 'suggestion', key, after: JSON.stringify({ policy, name }) };
    });
    const names = rejected.map(({ name }) => name);
    await this.#history.commit(labelOf('Reject', names), changes);
  }

  /** Forgets some, or all, as one step that can be undone; nothing where none of them is there. */
  async remove(keys: readonly string[] | null): Promise<void> {
    const wanted = keys === null ? null : new Set(keys);
    const gone = (await this.read()).filter(({ key }) => wanted === null || wanted.has(key));
    if (gone.length === 0) return;
    const changes = gone.map(({ key }): DocumentChange => {
      return { part: 'suggestion', key, after: null };
    });
    const names = gone.map(({ name }) => name);
    await this.#history.commit(labelOf('Bring back', names), changes);
  }
}
