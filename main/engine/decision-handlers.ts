import { closedRuleset } from '../../shared/domain/closing.ts';
import type { RulesetComparison } from '../../shared/domain/comparison.ts';
import type { Ruleset } from '../../shared/domain/ruleset.ts';
import { bug, Failure } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import type { Args, Handlers } from '../../shared/ipc/contract.ts';
import { compareRulesets } from '../../shared/policy/compare.ts';
import type { GroupOfRuleset } from '../../shared/policy/members.ts';
import { currentRuleset, draftGroups, readRuleset } from './importing.ts';
import { describeDifference } from './policy/compare/describe.ts';
import { SetNames } from './policy/compare/named-sets.ts';
import { DecisionDesk, type RulesetWithGroups } from './policy/decisions/desk.ts';
import { linesOf } from './policy/decisions/lines.ts';
import { replay } from './policy/decisions/replay.ts';
import { edgesOf } from './policy/decisions/edges.ts';
import { pageOfFlows, summarise } from './policy/decisions/views.ts';
import { check } from './policy/findings/check.ts';
import { isNeeded } from './policy/findings/needed.ts';
import { readSeenFlows } from './policy/suggest/seen-flows.ts';
import { SuggestionDesk } from './policy/suggest/suggestion-desk.ts';
import { usageOfRule, rulesetsFor } from './policy/usage/rule-usage.ts';
import { hitList } from './policy/usage/seen.ts';
import type { OpenProject } from './project.ts';
import { passingCodes } from './query/graph.ts';

/** The desk of an open project, and the groups of its draft as they were last read. */
class ProjectDesk {
  readonly desk: DecisionDesk;
  readonly suggestions = new SuggestionDesk();
  readonly #project: OpenProject;
  #groups: readonly GroupOfRuleset[] = [];
  #text = '[]';

  constructor(project: OpenProject) {
    this.#project = project;
    this.desk = new DecisionDesk({
      flows: () => this.source(),
      inventory: () => project.inventory,
      legs: () => project.resolver().legs(),
    });
  }

  source() {
    const texts = this.#project.texts();
    return {
      database: this.#project.database,
      addressText: (code: number) => texts.addressText(code),
      actionText: (code: number) => texts.actionText(code),
      passing: passingCodes(this.#project.resolver()),
    };
  }

  /** The draft, with the very same array of groups while they are the same. */
  async draft(): Promise<RulesetWithGroups & { readonly revision: number }> {
    const { ruleset, revision } = await this.#project.rulesets.read();
    const groups = await draftGroups(this.#project);
    const text = JSON.stringify(groups);
    if (text !== this.#text) {
      this.#groups = groups;
      this.#text = text;
    }
    return { ruleset, revision, groups: this.#groups };
  }
}

const desks = new WeakMap<OpenProject, ProjectDesk>();

/** What decides the flows of a project; one a project, for as long as it is open. */
function deskOf(project: OpenProject): ProjectDesk {
  const known = desks.get(project) ?? new ProjectDesk(project);
  desks.set(project, known);
  return known;
}

async function otherRuleset(
  project: OpenProject,
  against: NonNullable<Args<'check.run'>['against']>,
): Promise<RulesetWithGroups> {
  switch (against.kind) {
    case 'ruleset':
      return { ruleset: against.ruleset, groups: await draftGroups(project) };
    case 'files':
      return readRuleset(project, against.paths);
    case 'current': {
      const current = await currentRuleset(project);
      if (current === undefined) throw new Failure('name-unknown', { name: 'current ruleset' });
      return current;
    }
  }
}

/** Whether logs can be compared with the ruleset: its rules have the numbers that logs show. */
function hasNumbers({ ruleset }: RulesetWithGroups): boolean {
  return ruleset.policies.some(({ rules }) => rules.some(({ logId }) => logId !== undefined));
}

async function runCheck(
  project: OpenProject,
  { against, since }: Args<'check.run'>,
  signal: CancelSignal,
): Promise<ReturnType<typeof check>> {
  const own = deskOf(project);
  const { desk } = own;
  const draft = await own.draft();
  const replayed = (await currentRuleset(project)) ?? draft;
  const compared = against === undefined ? null : await otherRuleset(project, against);
  const source = own.source();
  const closing = { ...draft, ruleset: closedRuleset(draft.ruleset) };
  const rulesets = [draft, closing, ...(compared === null ? [] : [compared])];
  const [decided, closed, other = null] = await desk.decideEach(rulesets, null, signal);
  if (decided === undefined || closed === undefined) bug('a ruleset without its decisions');
  return check({
    ruleset: draft.ruleset,
    revision: draft.revision,
    decided,
    closed,
    since: since ?? null,
    inventory: project.inventory,
    resolver: desk.resolver(draft.groups),
    agreement: hasNumbers(replayed) ? await replay(source, desk.compile(replayed), signal) : null,
    against: other,
    addressText: source.addressText,
  });
}

/** Compares two rulesets by what they allow, logged or not. */
async function compare(
  project: OpenProject,
  { before, after }: Args<'ruleset.compare'>,
  signal: CancelSignal,
): Promise<RulesetComparison> {
  const own = deskOf(project);
  const { desk } = own;
  const draft = await own.draft();
  const first = before.kind === 'draft' ? draft : await otherRuleset(project, before);
  const second = after === undefined ? draft : await otherRuleset(project, after);
  const [was, is] = [desk.compile(first), desk.compile(second)];
  const brought = second.groups.map(({ name }) => name);
  const groups = [...project.inventory.groups.map(({ name }) => name), ...brought];
  const odd = [...was.rules, ...is.rules].flatMap(({ unresolved }) => unresolved);
  return describeDifference(
    compareRulesets(was, is),
    await readSeenFlows(own.source(), signal),
    new SetNames(groups, desk.resolver(second.groups)),
    [...new Set(odd)].sort(),
  );
}

/** Answers what the ruleset would do with the flows of the open project. */
export function decisionHandlers(open: () => OpenProject) {
  const drafted = async () => {
    const project = open();
    const own = deskOf(project);
    return { project, desk: own.desk, draft: await own.draft() };
  };
  const decided = async (
    { window, isClosed = false }: Args<'decision.summary'>,
    signal: CancelSignal,
  ) => {
    const { project, desk, draft } = await drafted();
    const ruleset = isClosed ? closedRuleset(draft.ruleset) : draft.ruleset;
    const all = await desk.decideAll({ ...draft, ruleset }, window, signal);
    return { project, desk, revision: draft.revision, all };
  };
  return {
    'decision.summary': async (question, { signal }) => {
      const { all, revision } = await decided(question, signal);
      return summarise(all, revision);
    },
    'decision.flows': async ({ offset, limit, ...question }, { signal }) => {
      const { all, project } = await decided(question, signal);
      const texts = project.texts();
      return pageOfFlows(all, question, { offset, limit }, (code) => texts.addressText(code));
    },
    'decision.lines': async ({ needed, ...question }, { signal }) => {
      const { all, project } = await decided(question, signal);
      const store = { database: project.database, texts: project.texts() };
      const isChosen = needed === undefined ? undefined : isNeeded(needed, all, project.inventory);
      return linesOf(all, question, store, signal, isChosen);
    },
    'decision.edges': async (question, { signal }) => {
      const { all, desk } = await decided(question, signal);
      return edgesOf(all, await desk.mapEnds(signal));
    },
    'decision.explain': async (question) => {
      const own = deskOf(open());
      return own.desk.explain(await own.draft(), question);
    },
    'ruleset.compare': (question, { signal }) => compare(open(), question, signal),
    'check.run': (question, { signal }) => runCheck(open(), question, signal),
    'ruleset.suggest': async ({ isClosed = false, ...asked }, { signal }) => {
      const project = open();
      const own = deskOf(project);
      const { ruleset, groups } = await own.draft();
      const rejected = await project.rejections.read();
      const basis = {
        source: () => own.source(),
        inventory: project.inventory,
        ...{ ruleset, groups },
        compile: (draft: Ruleset) => own.desk.compile({ ruleset: draft, groups }),
      };
      const keys = new Set(rejected.map(({ key }) => key));
      const list = await own.suggestions.suggest(basis, { ...asked, isClosed }, keys, signal);
      return { ...list, rejected };
    },
    'rule.hits': async (question, { signal }) => {
      const { all, revision } = await decided(question, signal);
      return hitList(all, revision);
    },
    'rule.usage': async ({ of, window }, { signal }) => {
      const { desk, ...own } = await drafted();
      const { revision, groups } = own.draft;
      const subject = rulesetsFor(own.draft.ruleset, of);
      const rulesets = [subject.withIt, subject.withoutIt].map((ruleset) => ({ ruleset, groups }));
      const [withIt, withoutIt] = await desk.decideEach(rulesets, window, signal);
      if (withIt === undefined || withoutIt === undefined) bug('a ruleset without its decisions');
      return usageOfRule(subject, { withIt, withoutIt }, revision);
    },
  } satisfies Partial<Handlers>;
}
