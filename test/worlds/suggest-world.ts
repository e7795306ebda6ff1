import type { DecidedFlowRow } from '../../shared/domain/decision.ts';
import { acceptanceOf } from '../../shared/domain/acceptance.ts';
import { closedRuleset } from '../../shared/domain/closing.ts';
import { DEFAULT_LEVEL, type SuggestionList } from '../../shared/domain/suggestion.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';
import { aFolder, anEngine } from '../support/engine.ts';
import type { WorldOptions } from './options.ts';
import type { WorldTruth } from './truth.ts';
import { makeWorld, writeWorld } from './world.ts';

/** What a world truly holds, what was suggested for its lines, and what that does with them. */
export interface Suggested {
  readonly truth: WorldTruth;
  readonly list: SuggestionList;
  /** Every logged flow, decided by all suggestions accepted, closing denies and a default DROP. */
  readonly flows: readonly DecidedFlowRow[];
}

const PAGE = 10_000;

/** Makes a world, opens its logs, accepts all that is suggested, and decides every flow by it. */
export async function suggestForWorld(seed: number, options: WorldOptions): Promise<Suggested> {
  const world = makeWorld(seed, options);
  await using logs = await aFolder();
  await writeWorld(world, logs.path);
  await using test = await anEngine();
  const { handlers } = test.engine;
  const quiet = { signal: NEVER, report: () => undefined };
  await handlers['archive.open']({ paths: [logs.path] }, quiet);
  const question = { applications: null, level: DEFAULT_LEVEL, isClosed: true };
  const list = await handlers['ruleset.suggest'](question, quiet);
  const change = acceptanceOf(list.suggestions);
  const { ruleset } = await handlers['ruleset.change']({ change }, quiet);
  const closed = { ruleset: closedRuleset(ruleset), label: 'closed' };
  await handlers['ruleset.replace'](closed, quiet);
  const flows: DecidedFlowRow[] = [];
  for (;;) {
    const page = { window: null, offset: flows.length, limit: PAGE };
    const { rows, total } = await handlers['decision.flows'](page, quiet);
    flows.push(...rows);
    if (flows.length >= total.flows) return { truth: world.truth, list, flows };
  }
}

/** Tells whether traffic belongs there by the truth of a world. */
export function intendedBy(truth: WorldTruth): (flow: DecidedFlowRow) => boolean {
  const known = new Set<string>();
  for (const { service, sources, destinations } of truth.intended) {
    for (const source of sources) {
      for (const destination of destinations) known.add(`${source} ${destination} ${service}`);
    }
  }
  return ({ source, destination, service }) => known.has(`${source} ${destination} ${service}`);
}
