import {
  CAUSES,
  type Agreement,
  type Cause,
  type Disagreement,
} from '../../../../shared/domain/agreement.ts';
import type { RuleAction } from '../../../../shared/domain/ruleset.ts';
import { bug, Cancelled } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { serviceText } from '../../../../shared/net/service.ts';
import type { CompiledRule, CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { isInTable, matches, type DecidedFlow } from '../../../../shared/policy/decide.ts';
import { sql, type Sql } from '../../store/sql.ts';
import { addressAt, doubles, indexFlows, u32s, type FlowKeys } from './flow-keys.ts';
import { FlowClasses } from './flow-classes.ts';
import { sliceOfPort, type FlowSource } from './flow-columns.ts';
import { BY_DEFAULT, decideCombinations, NOT_ENFORCED } from './rule-masks.ts';

/** Examples told of each cause. */
const MAX_EXAMPLES = 20;

/** The actions of the log that a rule's action stands for, besides all that let a packet pass. */
const BLOCKING: Readonly<Record<string, RuleAction>> = { DROP: 'DROP', REJECT: 'REJECT' };

/** What the project knows that a replay needs. */
export interface ReplaySource extends FlowSource {
  readonly actionText: (code: number) => string;
}

interface LoggedRows {
  readonly keys: FlowKeys;
  /** 0 into the destination, 1 out of the source. */
  readonly direction: Uint32Array;
  readonly action: Uint32Array;
  readonly rule: Uint32Array;
  readonly events: Float64Array;
}

/** Lines as they were logged: replies not turned, as the vNIC looked at the packet itself. */
function statement(edges: readonly number[]): Sql {
  return sql`select source, destination, service, slice, icmp, direction, action, rule,
      count(*)::double as events
    from (
      select src as source, dst as destination,
        (protocol::uinteger * 65536 + case when protocol in (6, 17, 132) then dst_port else 0 end)
          ::uinteger as service,
        ${sliceOfPort(edges)} as slice,
        (case when protocol in (1, 58) then icmp else 0 end)::uinteger as icmp,
        direction::uinteger as direction, action, rule
      from (select *, src_port as client_port from event where seen = 0 and direction < 2)
    )
    group by all
    order by source, destination, service, slice, icmp, direction, rule, action`;
}

async function readRows(
  source: ReplaySource,
  edges: readonly number[],
  signal: CancelSignal,
): Promise<LoggedRows> {
  const columns = Array.from({ length: 8 }, u32s);
  const events = doubles();
  await source.database.columns(
    statement(edges),
    (piece) => {
      [...columns, events].forEach((column, at) => {
        column.add(piece[at] ?? bug('a column is missing'));
      });
    },
    signal,
  );
  const [from, to, service, slice, icmp, direction, action, rule] = columns.map((each) =>
    each.done(),
  );
  if (!from || !to || !service || !slice || !icmp || !direction || !action || !rule) {
    bug('a column is missing');
  }
  const keys = indexFlows(
    {
      source: from,
      destination: to,
      service,
      slice: edges.length > 0 ? slice : null,
      icmp: (at) => (icmp[at] === 0 ? null : (icmp[at] ?? null)),
    },
    source.addressText,
  );
  return { keys, direction, action, rule, events: events.done() };
}

/** Whether a row is of the same way, addresses and service as the one before it. */
function isSameFlow({ keys, direction }: LoggedRows, a: number, b: number): boolean {
  return (
    keys.source[a] === keys.source[b] &&
    keys.destination[a] === keys.destination[b] &&
    keys.service[a] === keys.service[b] &&
    direction[a] === direction[b]
  );
}

/** Compares the decisions of one ruleset with what was logged. */
class Replay {
  readonly #source: ReplaySource;
  readonly #ruleset: CompiledRuleset;
  readonly #ruleOfNumber: ReadonlyMap<number, CompiledRule>;
  readonly #passing: ReadonlySet<number>;

  constructor(source: ReplaySource, ruleset: CompiledRuleset) {
    this.#source = source;
    this.#ruleset = ruleset;
    this.#passing = new Set(source.passing);
    this.#ruleOfNumber = new Map(
      ruleset.rules.flatMap((rule) =>
        rule.rule.logId === undefined ? [] : [[rule.rule.logId, rule]],
      ),
    );
  }

  /** The number the deciding rule has in logs. */
  numberOf(decided: number): number | undefined {
    const { rules, defaultRule } = this.#ruleset;
    return decided === BY_DEFAULT ? defaultRule.logId : rules[decided]?.rule.logId;
  }

  /** Whether rule and verdict of a row are those decided. */
  agrees(rows: LoggedRows, at: number, decided: number): boolean {
    if (decided === NOT_ENFORCED) return false;
    const number = this.numberOf(decided);
    if (number !== undefined && number !== rows.rule[at]) return false;
    return this.#isVerdict(decided, rows.action[at] ?? 0);
  }

  #isVerdict(decided: number, action: number): boolean {
    const { rules, defaultRule } = this.#ruleset;
    const would = (rules[decided]?.rule ?? defaultRule).action;
    if (would === 'ALLOW') return this.#passing.has(action);
    return BLOCKING[this.#source.actionText(action).toUpperCase()] === would;
  }

  /** Why a row is decided otherwise than it was logged. */
  causeOf(rows: LoggedRows, at: number, decided: number, loggedToo: ReadonlySet<number>): Cause {
    if (decided === NOT_ENFORCED) return 'unknown-address';
    const number = this.numberOf(decided);
    if (number !== undefined && loggedToo.has(number)) return 'rule-changed';
    const logged = rows.rule[at] ?? 0;
    if (logged === this.#ruleset.defaultRule.logId) return 'rule-changed';
    const rule = this.#ruleOfNumber.get(logged);
    if (rule === undefined) return 'unknown-rule';
    const flow = flowAt(rows.keys, at);
    const end = rows.direction[at] === 0 ? 'destination' : 'source';
    const isItsWay = end === 'source' ? rule.isOut : rule.isIn;
    if (!isItsWay || !rule.services.has(flow)) return 'rule-changed';
    if (!matches(rule, flow)) return 'group-drift';
    if (!isInTable(rule, flow[end], end)) return 'applied-to';
    return decided !== BY_DEFAULT && decided < rule.order ? 'order' : 'rule-changed';
  }

  example(rows: LoggedRows, at: number, decided: number, cause: Cause): Disagreement {
    const { keys } = rows;
    const text = (column: Uint32Array) =>
      this.#source.addressText(keys.codes[column[at] ?? 0] ?? 0);
    const service = keys.services[keys.service[at] ?? 0];
    const id = this.#ruleset.rules[decided]?.rule.id ?? 'default';
    return {
      cause,
      direction: rows.direction[at] === 0 ? 'IN' : 'OUT',
      source: text(keys.source),
      destination: text(keys.destination),
      service: serviceText(service?.protocol ?? 0, service?.port ?? 0),
      loggedRule: rows.rule[at] ?? 0,
      loggedAction: this.#source.actionText(rows.action[at] ?? 0),
      decidedRule: decided === NOT_ENFORCED ? null : id,
      events: rows.events[at] ?? 0,
    };
  }
}

function flowAt(keys: FlowKeys, at: number): DecidedFlow {
  return {
    ...(keys.services[keys.service[at] ?? 0] ?? bug('a flow without a service')),
    source: addressAt(keys, keys.source[at] ?? 0),
    destination: addressAt(keys, keys.destination[at] ?? 0),
  };
}

interface Sum {
  flows: number;
  events: number;
}

/** The most telling examples of each cause, kept few while they are found. */
class Examples {
  readonly #ofCause = new Map<Cause, Disagreement[]>();

  add(example: Disagreement): void {
    const list = this.#ofCause.get(example.cause) ?? [];
    this.#ofCause.set(example.cause, list);
    list.push(example);
    if (list.length > 4 * MAX_EXAMPLES) this.#trim(list);
  }

  done(): readonly Disagreement[] {
    for (const list of this.#ofCause.values()) this.#trim(list);
    return CAUSES.flatMap((cause) => this.#ofCause.get(cause) ?? []);
  }

  #trim(list: Disagreement[]): void {
    list.sort((a, b) => b.events - a.events);
    list.length = Math.min(list.length, MAX_EXAMPLES);
  }
}

/**
 * Replays a ruleset on every line logged at a vNIC, and compares rule and verdict at the line's own
 * vantage with what the log says. A flow agrees where all its lines do.
 *
 * @throws Cancelled
 */
export async function replay(
  source: ReplaySource,
  ruleset: CompiledRuleset,
  signal: CancelSignal,
): Promise<Agreement> {
  const edges = [...new Set(ruleset.rules.flatMap(({ services }) => services.sourcePortEdges))];
  const rows = await readRows(source, edges, signal);
  if (signal.aborted) throw new Cancelled();
  const { combinations, decisions } = decideCombinations(ruleset, new FlowClasses(rows.keys));
  const comparison = new Replay(source, ruleset);
  const [total, agree]: readonly [Sum, Sum] = [
    { flows: 0, events: 0 },
    { flows: 0, events: 0 },
  ];
  const causes = Object.fromEntries(
    CAUSES.map((cause) => [cause, { flows: 0, events: 0 }]),
  ) as Record<Cause, Sum>;
  const examples = new Examples();
  let withoutNumber = 0;
  for (let from = 0; from < rows.keys.count;) {
    let to = from + 1;
    while (to < rows.keys.count && isSameFlow(rows, from, to)) to++;
    const numbers = new Set(rows.rule.subarray(from, to));
    const wrong = new Set<Cause>();
    for (let at = from; at < to; at++) {
      const place = combinations.ofFlow[at] ?? 0;
      const ends = rows.direction[at] === 0 ? decisions.destinationRule : decisions.sourceRule;
      const decided = ends[place] ?? NOT_ENFORCED;
      const events = rows.events[at] ?? 0;
      total.events += events;
      if (decided !== NOT_ENFORCED && comparison.numberOf(decided) === undefined) {
        withoutNumber += events;
      }
      if (comparison.agrees(rows, at, decided)) {
        agree.events += events;
        continue;
      }
      const cause = comparison.causeOf(rows, at, decided, numbers);
      causes[cause].events += events;
      wrong.add(cause);
      examples.add(comparison.example(rows, at, decided, cause));
    }
    total.flows++;
    if (wrong.size === 0) agree.flows++;
    for (const cause of wrong) causes[cause].flows++;
    from = to;
  }
  return { total, agree, causes, examples: examples.done(), withoutNumber };
}
