import { describe, expect, it } from 'vitest';
import { CheckState } from '../../../renderer/check/check-state.svelte.ts';
import type { CheckReport } from '../../../shared/domain/finding.ts';
import type { RulesetChange, RulesetState } from '../../../shared/domain/ruleset.ts';
import { aRule, aWorkbench } from '../support/scripted.ts';

const NONE = { flows: 0, events: 0 };

function aReport(revision: number): CheckReport {
  return {
    revision,
    total: NONE,
    covered: NONE,
    needed: { total: NONE, covered: NONE },
    applications: [],
    outcomes: {
      'still-allowed': NONE,
      'newly-allowed': NONE,
      'newly-blocked': NONE,
      'still-blocked': NONE,
    },
    newlyBlocked: [],
    newlyAllowed: [],
    reasonsToPass: { rules: NONE, defaultRule: NONE, unenforced: NONE },
    closing: {
      ...{ isClosed: true, disabled: [], rules: [], rows: [] },
      ...{ total: NONE, passed: NONE, needed: NONE },
    },
    newFlows: null,
    notes: [],
    findings: [],
    counts: {},
    score: 0,
    scoreParts: [],
    agreement: null,
    drift: null,
  };
}

function setUp() {
  const changes: RulesetChange[] = [];
  let checks = 0;
  let revision = 1;
  const state = (): RulesetState => ({
    revision,
    undo: null,
    redo: null,
    ruleset: {
      policies: [{ id: 'p', name: 'P', category: 'Application', rules: [aRule('web')] }],
    },
  });
  const workbench = aWorkbench({
    'ruleset.read': () => Promise.resolve(state()),
    'ruleset.change': ({ change }) => {
      changes.push(change);
      revision++;
      return Promise.resolve(state());
    },
    'check.run': () => {
      checks++;
      return Promise.resolve(aReport(revision));
    },
  });
  return { workbench, changes, check: new CheckState(workbench), checks: () => checks };
}

const FIX = {
  label: 'Remove rule "web"',
  changes: [{ kind: 'remove-rule', id: 'web' }],
  changesDecisions: false,
} as const;

describe('the check screen', () => {
  it('shows nothing of a check of the rules as they were', async () => {
    const { check, workbench } = setUp();
    await workbench.ruleset.read();
    await check.refresh();
    expect(check.shown?.revision).toBe(1);
    await check.fix(FIX);
    expect(check.shown).toBeNull();
    await check.refresh();
    expect(check.shown?.revision).toBe(2);
  });

  it('checks again only where rules or data changed', async () => {
    const { check, workbench, checks } = setUp();
    await check.refresh();
    await check.refresh();
    expect(checks()).toBe(1);
    workbench.dataRevision++;
    await check.refresh();
    expect(checks()).toBe(2);
  });

  it('settles a finding as one named change, and not by an old report', async () => {
    const { check, workbench, changes } = setUp();
    expect(await check.fix(FIX)).toBe(false);
    await workbench.ruleset.read();
    await check.refresh();
    expect(await check.fix(FIX)).toBe(true);
    expect(changes).toEqual([{ kind: 'several', label: FIX.label, changes: FIX.changes }]);
  });

  it('names rules, the default rule and what enforces nothing', async () => {
    const { check, workbench } = setUp();
    await workbench.ruleset.read();
    expect(['web', 'default', 'gone', null].map((id) => check.ruleName(id))).toEqual([
      'web',
      'default rule',
      'removed rule',
      'not enforced',
    ]);
    expect(check.hasRule('default')).toBe(false);
  });
});
