import { describe, expect, it } from 'vitest';
import type { RulesetChange, RulesetState } from '../../../shared/domain/ruleset.ts';
import type { Suggestion, SuggestionList } from '../../../shared/domain/suggestion.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { SuggestionState } from '../../../renderer/rules/suggestion-state.svelte.ts';
import { aRule, aWorkbench, settle } from '../support/scripted.ts';

function aSuggestion(name: string, flows: number, parts: Partial<Suggestion> = {}): Suggestion {
  const { id, ...rule } = aRule(name);
  return {
    id: `BOOKS/${id}`,
    key: id,
    policy: 'BOOKS',
    category: 'Application',
    rule,
    isClosing: false,
    flows,
    events: flows * 2,
    sessions: flows,
    first: 0,
    last: 1,
    terms: [{ field: 'tag', exclude: false, values: [name] }],
    gain: { flows, events: flows * 2 },
    ...parts,
  };
}

function aList(suggestions: readonly Suggestion[], level: number): SuggestionList {
  const none = { flows: 0, events: 0 };
  return {
    level,
    suggestions,
    total: none,
    covered: none,
    coveredAfter: none,
    legitimate: { ...none, permittedNow: 0, permitted: 0 },
    rejected: [],
    rejectedNow: 0,
    leftOut: [],
    spurious: [],
    curve: [],
  };
}

const SUGGESTED = [
  aSuggestion('small', 2),
  aSuggestion('large', 9, { rule: { ...aSuggestion('large', 9).rule, services: ['TCP/1'] } }),
  aSuggestion('deny', 0, {
    isClosing: true,
    rule: { ...aSuggestion('deny', 0).rule, action: 'DROP' },
  }),
];

function setUp() {
  const changes: RulesetChange[] = [];
  const levels: number[] = [];
  const rejected = new Set<string>();
  const refused = new Set<string>();
  let revision = 1;
  const state = (): RulesetState => ({
    revision,
    undo: null,
    redo: null,
    ruleset: { policies: [] },
  });
  const workbench = aWorkbench({
    'ruleset.read': () => Promise.resolve(state()),
    'ruleset.change': ({ change }) => {
      changes.push(change);
      revision++;
      return Promise.resolve(state());
    },
    'ruleset.suggest': ({ level }) => {
      levels.push(level);
      const made = SUGGESTED.filter(({ key }) => !rejected.has(key));
      const rejectedNow = SUGGESTED.length - made.length;
      return Promise.resolve({ ...aList(made, level), rejectedNow });
    },
    'suggestion.reject': ({ suggestions }) => {
      if (suggestions.some(({ key }) => refused.has(key))) {
        return Promise.reject(new Failure('disk-full', { path: 'a.segw', reason: 'no space' }));
      }
      for (const { key } of suggestions) rejected.add(key);
      return Promise.resolve(state());
    },
    'suggestion.restore': () => {
      rejected.clear();
      return Promise.resolve(state());
    },
  });
  return { workbench, changes, levels, refused, suggestions: new SuggestionState(workbench) };
}

describe('suggestions', () => {
  it('come with the greatest gain first and closing denies last', async () => {
    const { suggestions } = setUp();
    await suggestions.refresh();
    expect(suggestions.open.map(({ rule }) => rule.name)).toEqual(['large', 'small', 'deny']);
    expect(suggestions.isStale).toBe(false);
  });

  it('are asked again only where level or rules changed', async () => {
    const { suggestions, levels, workbench } = setUp();
    await suggestions.refresh();
    await suggestions.refresh();
    suggestions.level = 1;
    expect(suggestions.isStale).toBe(true);
    await suggestions.refresh();
    await workbench.ruleset.read();
    expect(suggestions.isStale).toBe(true);
    await suggestions.refresh();
    expect(levels).toEqual([3, 1, 1]);
  });

  it('are accepted together as one change, in their order of evaluation', async () => {
    const { suggestions, changes } = setUp();
    await suggestions.refresh();
    expect(await suggestions.accept(suggestions.open)).toBe(true);
    expect(changes).toHaveLength(1);
    const [change] = changes;
    if (change?.kind !== 'several') throw new Error('not one change of several');
    expect(change.changes.map((each) => each.kind === 'add-rule' && each.rule.name)).toEqual([
      'small',
      'large',
      'deny',
    ]);
  });

  it('are not accepted while they are for rules that are no more', async () => {
    const { suggestions, changes } = setUp();
    await suggestions.refresh();
    suggestions.level = 0;
    expect(await suggestions.accept(suggestions.open)).toBe(false);
    expect(changes).toEqual([]);
  });

  it('stay rejected when asked again, until they are brought back', async () => {
    const { suggestions } = setUp();
    await suggestions.refresh();
    const first = suggestions.step(1);
    if (first === null) throw new Error('nothing is suggested');
    const rejecting = suggestions.reject(first);
    expect(suggestions.at).toBe('BOOKS/small');
    expect(suggestions.open.map(({ rule }) => rule.name)).toEqual(['small', 'deny']);
    await rejecting;
    suggestions.level = 2;
    await suggestions.refresh();
    expect(suggestions.open.map(({ rule }) => rule.name)).toEqual(['small', 'deny']);
    expect(suggestions.rejectedCount).toBe(1);
    await suggestions.bringBack();
    await suggestions.ask();
    expect(suggestions.open).toHaveLength(3);
  });

  it('come back where the rejection could not be kept', async () => {
    const { suggestions, workbench, refused } = setUp();
    await suggestions.refresh();
    const first = suggestions.step(1);
    if (first === null) throw new Error('nothing is suggested');
    refused.add(first.key);
    await suggestions.reject(first);
    expect(suggestions.open).toHaveLength(3);
    expect(workbench.toasts.list).toHaveLength(1);
  });

  it('once cancelled are not asked by themselves, but keep what was shown', async () => {
    const { suggestions, levels } = setUp();
    await suggestions.refresh();
    suggestions.level = 1;
    const asked = suggestions.refresh();
    suggestions.cancel();
    await asked;
    await settle();
    await suggestions.refresh();
    expect(levels.filter((level) => level === 1).length).toBeLessThan(2);
    expect(suggestions.list?.level).toBe(3);
    expect(suggestions.isStale).toBe(true);
    await suggestions.ask();
    expect(suggestions.list?.level).toBe(1);
  });

  it('open their lines', async () => {
    const { suggestions, workbench } = setUp();
    await suggestions.refresh();
    const first = suggestions.step(1);
    if (first !== null) suggestions.showLines(first);
    expect(workbench.overlay).toBe('lines');
    const terms = [{ field: 'tag', exclude: false, values: ['large'] }];
    expect(workbench.lines?.wish).toEqual({ kind: 'filter', filter: { terms, window: null } });
  });
});
