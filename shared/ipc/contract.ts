import * as v from 'valibot';
import type { Accounting, Progress, Project, Reject } from '../domain/archive.ts';
import {
  RESULT_FORMATS,
  type ConsoleFile,
  type ConsoleResult,
  type ConsoleTable,
} from '../domain/console.ts';
import type {
  DecidedEdge,
  DecidedFlowPage,
  DecisionSummary,
  ExplainedFlow,
} from '../domain/decision.ts';
import {
  EXPORT_FORMATS,
  EXPORT_TARGETS,
  EXPORT_VARIANTS,
  type ExportPreview,
} from '../domain/export.ts';
import type { RulesetComparison } from '../domain/comparison.ts';
import type { CheckReport } from '../domain/finding.ts';
import { FILTER_FIELDS } from '../domain/filter.ts';
import {
  FLOW_KEYS,
  FLOW_ORDERS,
  type Evidence,
  type FlowPage,
  type GroupHits,
  type Histogram,
  type LinePage,
  type LineText,
} from '../domain/flow.ts';
import type { Graph, ServiceSeen } from '../domain/graph.ts';
import type { HistoryState } from '../domain/history.ts';
import type { InventoryPreview } from '../domain/outside.ts';
import type { ImportOverview, ImportPreview, ImportSummary } from '../domain/imported.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { HitList, RuleUsage, UsageSubject } from '../domain/rule-usage.ts';
import { filterListSchema, type FilterList } from '../domain/saved-filters.ts';
import { CATEGORIES, type RuleProposal, type RulesetState } from '../domain/ruleset.ts';
import {
  SUGGESTION_LEVELS,
  type RejectedSuggestion,
  type SuggestionList,
} from '../domain/suggestion.ts';
import { OUTCOMES } from '../policy/decide.ts';
import type { CancelSignal } from './cancel.ts';
import { columnChoice, correctionSchema } from './inventory-schema.ts';
import type { News } from './message.ts';
import { changeSchema, ruleFields, rulesetSchema } from './ruleset-schema.ts';

/** One call: how its arguments are checked, and the type of its reply. */
export interface Call<Args extends v.GenericSchema, Reply> {
  readonly args: Args;
  /** Never called: it carries the reply's type. */
  readonly reply: (value: Reply) => Reply;
}

function call<Reply>() {
  return <Args extends v.GenericSchema>(args: Args): Call<Args, Reply> => ({
    args,
    reply: (value) => value,
  });
}

const text = v.pipe(v.string(), v.maxLength(10_000));
const sqlText = v.pipe(v.string(), v.minLength(1), v.maxLength(100_000));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const time = v.pipe(v.number(), v.integer());
const list = <T extends v.GenericSchema>(item: T, most = 10_000) =>
  v.pipe(v.array(item), v.maxLength(most), v.readonly());
const nothing = v.strictObject({});

const filter = v.strictObject({
  terms: list(
    v.strictObject({
      field: v.picklist(FILTER_FIELDS),
      exclude: v.boolean(),
      values: v.pipe(v.array(text), v.minLength(1), v.maxLength(1_000), v.readonly()),
    }),
    100,
  ),
  window: v.nullable(v.strictObject({ from: time, to: time })),
});

const window = v.nullable(v.strictObject({ from: time, to: time }));

/** Whether to decide as if every closing deny were enabled and the default rule dropped. */
const isClosed = v.exactOptional(v.boolean());

/** Rulesets besides the draft. */
const otherRulesets = [
  /** What was imported as the ruleset the system has now. */
  v.strictObject({ kind: v.literal('current') }),
  /** Files of any format that can be imported. */
  v.strictObject({ kind: v.literal('files'), paths: v.pipe(list(path), v.minLength(1)) }),
  v.strictObject({ kind: v.literal('ruleset'), ruleset: rulesetSchema }),
] as const;

const filesToImport = {
  paths: v.pipe(list(path, 1_000), v.minLength(1)),
  /** What the user calls each path, where the path is only a copy. */
  names: v.exactOptional(list(path, 1_000)),
} as const;

const exportRequest = {
  format: v.picklist(EXPORT_FORMATS),
  variant: v.exactOptional(v.picklist(EXPORT_VARIANTS)),
  target: v.exactOptional(v.picklist(EXPORT_TARGETS)),
} as const;
/** Every question a client may ask the engine. Nothing else crosses the wall. */
export const engineContract = {
  /** The open project. */
  'project.read': call<Project>()(nothing),
  /** Opens another project file, made new where it does not exist, and closes the one before. */
  'project.open': call<Project>()(v.strictObject({ path })),
  /** Loads log archives into the project. Long: reports progress, can be cancelled. */
  'archive.open': call<Accounting>()(
    v.strictObject({
      paths: v.pipe(list(path, 1_000), v.minLength(1)),
      /** What the user calls each path, where the path is only a copy of what was dropped. */
      names: v.exactOptional(list(path, 1_000)),
      /**
       * The year of the first line without one, for every source in which lines name none. Such a
       * source that was loaded with other years is loaded again and takes the place of that.
       */
      year: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1970), v.maxValue(9999))),
      /** Keep every event (the default), or only their sums by hour and flow. */
      keep: v.exactOptional(v.picklist(['events', 'flows'])),
    }),
  ),
  /** The lines that could not be read, all or those of a reason or a source, in the order of sources and lines. */
  'reject.list': call<{ readonly rows: readonly Reject[]; readonly totalRows: number }>()(
    v.strictObject({
      offset: count(1e9),
      limit: count(1_000),
      reason: v.exactOptional(text),
      /** The path of a source. */
      source: v.exactOptional(path),
    }),
  ),
  /** Flows summed by some keys, the largest first. */
  'flow.list': call<FlowPage>()(
    v.strictObject({
      filter,
      by: list(v.picklist(FLOW_KEYS), FLOW_KEYS.length),
      order: v.picklist(FLOW_ORDERS),
      offset: count(1e9),
      limit: count(10_000),
    }),
  ),
  /** Events over time. `buckets` is how many are wished; a round bucket width near that is chosen. */
  'flow.histogram': call<Histogram>()(v.strictObject({ filter, buckets: count(1_000) })),
  /** Events over time by the group at whose vNICs they were logged; `buckets` as in the histogram. */
  'flow.groups': call<GroupHits>()(v.strictObject({ filter, buckets: count(1_000) })),
  /** The latest logged lines that pass the filter, of all sources or of those of a path. */
  'flow.evidence': call<readonly Evidence[]>()(
    v.strictObject({ filter, limit: count(1_000), source: v.exactOptional(path) }),
  ),
  /**
   * The texts of lines in the order asked: as they stand in the files they were read from where
   * those are still there, else written anew from what is stored. Reads the files up to the lines.
   */
  'line.texts': call<readonly LineText[]>()(
    v.strictObject({
      lines: list(
        v.strictObject({ sourceId: count(2 ** 32 - 1), line: count(2 ** 32 - 1) }),
        1_000,
      ),
    }),
  ),
  /** How many events of a filter have no logged lines, as their sources hold flows only. */
  'flow.unlisted': call<number>()(v.strictObject({ filter })),
  /** The tables that the SQL console can ask. */
  'sql.tables': call<readonly ConsoleTable[]>()(nothing),
  /** The answer to one SELECT on the project, up to a number of rows and of seconds. Nothing else is run. */
  'sql.ask': call<ConsoleResult>()(v.strictObject({ question: sqlText })),
  /** The whole answer as a file. */
  'sql.save': call<ConsoleFile>()(
    v.strictObject({ question: sqlText, format: v.picklist(RESULT_FORMATS) }),
  ),
  /** The filters that the project keeps. */
  'filter.read': call<FilterList>()(nothing),
  /** Puts a list in the place of the filters kept. */
  'filter.write': call<null>()(filterListSchema),
  /** Groups and what else was found in the flows. */
  'inventory.read': call<Inventory>()(nothing),
  /** Makes corrections to the inventory, together, as one change that can be undone. */
  'inventory.change': call<HistoryState>()(
    v.strictObject({ corrections: v.pipe(list(correctionSchema), v.minLength(1)) }),
  ),
  /** What would be imported from a file of the engine's machine. */
  'inventory.preview': call<InventoryPreview>()(
    v.strictObject({ path, name: v.exactOptional(name), columns: v.exactOptional(columnChoice) }),
  ),
  /** Imports names and groups from a file, as one change that can be undone. */
  'inventory.import': call<HistoryState>()(
    v.strictObject({ path, name: v.exactOptional(name), columns: v.exactOptional(columnChoice) }),
  ),
  /** Takes an imported inventory out, as one change that can be undone. */
  'inventory.remove': call<HistoryState>()(v.strictObject({ id: name })),
  /** The map. */
  'graph.read': call<Graph>()(v.strictObject({ filter })),
  /** The services seen from one node of the map to another, the most used first. */
  'graph.services': call<readonly ServiceSeen[]>()(
    v.strictObject({ filter, source: text, target: text }),
  ),
  /** What a rule from one node of the map to another would be. */
  'rule.propose': call<RuleProposal>()(v.strictObject({ source: text, target: text })),
  'ruleset.read': call<RulesetState>()(nothing),
  'ruleset.change': call<RulesetState>()(v.strictObject({ change: changeSchema })),
  /** Puts a whole ruleset in the place of the present one, as one change that can be undone. */
  'ruleset.replace': call<RulesetState>()(
    v.strictObject({
      ruleset: rulesetSchema,
      label: name,
    }),
  ),
  /** What the ruleset would do with all that was logged, or with that of a time window. */
  'decision.summary': call<DecisionSummary>()(v.strictObject({ window, isClosed })),
  /** Flows with what the ruleset would do with them, those with the most lines first. */
  'decision.flows': call<DecidedFlowPage>()(
    v.strictObject({
      window,
      isClosed,
      outcomes: v.exactOptional(list(v.picklist(OUTCOMES), OUTCOMES.length)),
      /** Id of the rule that decides at either end, or `default`. */
      rule: v.exactOptional(name),
      offset: count(1e9),
      limit: count(10_000),
    }),
  ),
  /** The latest logged lines of decided flows; of a rule's flows, those the rule decides. */
  'decision.lines': call<LinePage>()(
    v.strictObject({
      window,
      isClosed,
      outcomes: v.exactOptional(list(v.picklist(OUTCOMES), OUTCOMES.length)),
      /** Id of the rule that decides at either end, or `default`. */
      rule: v.exactOptional(name),
      /** Only flows a rule ought to permit, whether one does, of all applications or one. */
      needed: v.exactOptional(
        v.strictObject({ isCovered: v.boolean(), application: v.exactOptional(name) }),
      ),
      limit: count(1_000),
    }),
  ),
  /** What the ruleset would do between the nodes of the map, busiest edges first. */
  'decision.edges': call<readonly DecidedEdge[]>()(v.strictObject({ window, isClosed })),
  /** What the ruleset would do at each end with a flow that need not have been seen. */
  'decision.explain': call<ExplainedFlow>()(
    v.strictObject({ source: text, destination: text, service: text }),
  ),
  /**
   * Everything a check says of the ruleset: coverage, what it changes, findings, score, how far a replay
   * of the current ruleset (the draft where none was imported) agrees with the log, what would be hit
   * if all were closed, and how the draft's decisions differ from those of another ruleset.
   */
  'check.run': call<CheckReport>()(
    v.strictObject({
      /** Tells of the flows that were first seen at this time or later. */
      since: v.exactOptional(time),
      against: v.exactOptional(v.variant('kind', [...otherRulesets])),
    }),
  ),
  /**
   * What the second ruleset allows and the first denies, and the other way round, logged or not, decided by
   * sets of flows. The second is the draft where none is given.
   */
  'ruleset.compare': call<RulesetComparison>()(
    v.strictObject({
      before: v.variant('kind', [...otherRulesets, v.strictObject({ kind: v.literal('draft') })]),
      after: v.exactOptional(v.variant('kind', [...otherRulesets])),
    }),
  ),
  /** How often each enabled rule decides, and when it was seen to. */
  'rule.hits': call<HitList>()(v.strictObject({ window })),
  /** What was seen of one rule, of the draft or one that might join it, and how it stands among the others. */
  'rule.usage': call<RuleUsage>()(
    v.strictObject({
      of: v.variant('kind', [
        v.strictObject({ kind: v.literal('rule'), id: name }),
        v.strictObject({
          kind: v.literal('draft'),
          policy: name,
          category: v.exactOptional(v.picklist(CATEGORIES)),
          rule: v.strictObject(ruleFields),
        }),
      ]) satisfies v.GenericSchema<UsageSubject>,
      window,
    }),
  ),
  /** Rules that would permit what was seen and no rule permits yet, and the deny that closes each application. */
  'ruleset.suggest': call<SuggestionList>()(
    v.strictObject({
      /** Names of applications or of groups; `null` for all. */
      applications: v.nullable(list(name, 1_000)),
      /** Place in `SUGGESTION_LEVELS`. */
      level: count(SUGGESTION_LEVELS.length - 1),
      /** Whether the closing denies are to be in force; absent means they are disabled. */
      isClosed: v.exactOptional(v.boolean()),
    }),
  ),
  /** Remembers suggestions that are not to be made again, as one change that can be undone. */
  'suggestion.reject': call<HistoryState>()(
    v.strictObject({
      suggestions: v.pipe(
        list(v.strictObject({ key: name, policy: name, name })),
        v.minLength(1),
      ) satisfies v.GenericSchema<readonly RejectedSuggestion[]>,
    }),
  ),
  /** Lets rejected suggestions be made again, as one change that can be undone; `null` for all. */
  'suggestion.restore': call<HistoryState>()(v.strictObject({ keys: v.nullable(list(name)) })),
  /** What undo and redo would do to all that the user made. */
  'history.read': call<HistoryState>()(nothing),
  'history.undo': call<HistoryState>()(nothing),
  'history.redo': call<HistoryState>()(nothing),
  /**
   * Reads a ruleset from files of the engine's machine, which tell by themselves what they are: as the draft, or
   * as what the system has now; as one change that can be undone.
   */
  'ruleset.import': call<ImportSummary>()(
    v.strictObject({ ...filesToImport, as: v.picklist(['draft', 'current']) }),
  ),
  /** What the import of files would bring. */
  'ruleset.preview': call<ImportPreview>()(v.strictObject(filesToImport)),
  /** What was imported as the ruleset the system has now; `null` where nothing was. */
  'ruleset.current': call<ImportOverview | null>()(nothing),
  /** Forgets the ruleset that was imported as the system's, as one change that can be undone. */
  'ruleset.dropCurrent': call<null>()(nothing),
  /** The document as it would be saved: the beginning of each file, and what is to know of it. */
  'export.preview': call<ExportPreview>()(v.strictObject(exportRequest)),
  /** A file of the document from a character on, page by page. */
  'export.file': call<{ readonly text: string; readonly next: number | null }>()(
    v.strictObject({ ...exportRequest, name, offset: count(1e9) }),
  ),
  /**
   * Writes the document on the engine's machine: its first file to `path` and the others beside it, or all
   * into `path` where that is a folder.
   */
  'export.save': call<{
    readonly path: string;
    readonly bytes: number;
    readonly files: readonly string[];
  }>()(v.strictObject({ ...exportRequest, path })),
  /** A remembered setting of the user, `null` where it was never set. */
  'setting.read': call<string | null>()(v.strictObject({ key: name })),
  'setting.write': call<null>()(v.strictObject({ key: name, value: text })),
  /** The sample archive and the project it is to be opened in; `null` where the program has none. */
  'sample.find': call<{ readonly archive: string; readonly project: string } | null>()(nothing),
  /** Versions, for the about box and for trouble reports. */
  'engine.about': call<{
    readonly segwright: string;
    readonly duckdb: string;
    readonly node: string;
  }>()(nothing),
} as const;

/** The names of all calls. */
export type CallName = keyof typeof engineContract;

/** The arguments of a call. */
export type Args<K extends CallName> = v.InferOutput<(typeof engineContract)[K]['args']>;

/** The reply of a call. */
export type Reply<K extends CallName> = Parameters<(typeof engineContract)[K]['reply']>[0];

/** What a call gives its handler besides the arguments. */
export interface CallContext {
  readonly signal: CancelSignal;
  /** Tells the caller how far the work has come. Every call is a message: report a few times a second. */
  readonly report: (progress: Progress) => void;
}

/** What an engine must answer. */
export type Handlers = {
  readonly [K in CallName]: (args: Args<K>, context: CallContext) => Promise<Reply<K>>;
};

/** What every caller sees, whatever the transport: one method for all calls of the contract. */
export interface EngineClient {
  /**
   * Asks the engine. Rejects with a `Failure`, or with `Cancelled` after the signal fired.
   */
  call<K extends CallName>(name: K, args: Args<K>, options?: CallOptions): Promise<Reply<K>>;
  /** Called whenever something changed in the engine that was not asked for by this client. */
  onNews(listener: (news: News) => void): void;
  /** Called once when the engine cannot be reached any more. */
  onClose(listener: () => void): void;
  close(): void;
}

/** How a call is made. */
export interface CallOptions {
  readonly signal?: CancelSignal;
  readonly onProgress?: (progress: Progress) => void;
}
