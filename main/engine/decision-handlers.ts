import type { Handlers } from '../../shared/ipc/contract.ts';
import { DecisionDesk } from './policy/decisions/desk.ts';
import { edgesOf, pageOfFlows, summarise } from './policy/decisions/views.ts';
import type { OpenProject } from './project.ts';
import { passingCodes } from './query/graph.ts';

const NOTHING_BROUGHT = [] as const;
const desks = new WeakMap<OpenProject, DecisionDesk>();

/** What decides the flows of a project; one a project, for as long as it is open. */
export function deskOf(project: OpenProject): DecisionDesk {
  const known = desks.get(project);
  if (known !== undefined) return known;
  const desk = new DecisionDesk({
    flows: () => ({
      database: project.database,
      addressText: (code) => project.texts().addressText(code),
      passing: passingCodes(project.resolver()),
    }),
    inventory: () => project.inventory,
    brought: () => NOTHING_BROUGHT,
  });
  desks.set(project, desk);
  return desk;
}

/** Answers what the ruleset would do with the flows of the open project. */
export function decisionHandlers(open: () => OpenProject) {
  const decided = async (
    window: { readonly from: number; readonly to: number } | null,
    signal: Parameters<Handlers['decision.summary']>[1]['signal'],
  ) => {
    const project = open();
    const { ruleset, revision } = await project.rulesets.read();
    const desk = deskOf(project);
    return { project, desk, revision, all: await desk.decideAll(ruleset, window, signal) };
  };
  return {
    'decision.summary': async ({ window }, { signal }) => {
      const { all, revision } = await decided(window, signal);
      return summarise(all, revision);
    },
    'decision.flows': async ({ window, offset, limit, ...question }, { signal }) => {
      const { all, project } = await decided(window, signal);
      const texts = project.texts();
      return pageOfFlows(all, question, { offset, limit }, (code) => texts.addressText(code));
    },
    'decision.edges': async ({ window }, { signal }) => {
      const { all, desk } = await decided(window, signal);
      return edgesOf(all, await desk.nodeOfAddress(signal));
    },
    'decision.explain': async (question) => {
      const project = open();
      const { ruleset } = await project.rulesets.read();
      return deskOf(project).explain(ruleset, question);
    },
    'rule.hits': async ({ window }, { signal }) => {
      const { all, revision } = await decided(window, signal);
      const { rules, defaultRule } = summarise(all, revision);
      return { revision, rules, defaultRule };
    },
  } satisfies Partial<Handlers>;
}
