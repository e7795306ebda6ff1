import { describe, expect, it } from 'vitest';
import type { RulesetChange, RulesetState } from '../../../shared/domain/ruleset.ts';
import type { Suggestion, SuggestionList } from '../../../shared/domain/suggestion.ts';
import { SuggestionState } from '../../../renderer/rules/suggestion-state.svelte.ts';
import { aRule, aWorkbench, settle } from '../support/scripted.ts';

function aSuggestion(name: string, flows: number, parts: Partial<Suggestion> = {}): Suggestion {
  const { id, ...rule } = aRule(name);
  return {
    id: `BOOKS/${id}`,
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
    legitimate: { ...none, permitted: 0 },
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
      return Promise.resolve(aList(SUGGESTED, level));
    },
  });
  return { workbench, changes, levels, suggestions: new SuggestionState(workbench) };
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
    suggestions.reject(first);
    expect(suggestions.at).toBe('BOOKS/small');
    suggestions.level = 2;
    await suggestions.refresh();
    expect(suggestions.open.map(({ rule }) => rule.name)).toEqual(['small', 'deny']);
    expect(suggestions.rejectedCount).toBe(1);
    suggestions.bringBack();
    expect(suggestions.open).toHaveLength(3);
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
