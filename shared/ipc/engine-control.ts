import * as v from 'valibot';

/** What an engine process is started with: its first argument, as JSON. */
export const engineStart = v.strictObject({
  projectPath: v.string(),
  settingsPath: v.string(),
  version: v.string(),
  /** The sample archive that comes with the program. */
  samplePath: v.exactOptional(v.string()),
});

/** See {@link engineStart}. */
export type EngineStart = v.InferOutput<typeof engineStart>;

/** What the shell tells an engine process: here is a client's port, or: save and end. */
export const engineOrder = v.variant('kind', [
  v.strictObject({ kind: v.literal('connect') }),
  v.strictObject({ kind: v.literal('close') }),
]);

/** See {@link engineOrder}. */
export type EngineOrder = v.InferOutput<typeof engineOrder>;

/** What an engine process tells the shell: this project is open now, open it again after a restart. */
export const engineNotice = v.strictObject({ kind: v.literal('project-opened'), path: v.string() });

/** See {@link engineNotice}. */
export type EngineNotice = v.InferOutput<typeof engineNotice>;
