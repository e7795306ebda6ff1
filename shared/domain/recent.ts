import * as v from 'valibot';

const recentFile = v.strictObject({
  kind: v.picklist(['project', 'archive']),
  /** Absolute path on the engine's machine. */
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  /** When it was opened last, in milliseconds since 1970 UTC. */
  at: v.pipe(v.number(), v.integer()),
});

const recentFiles = v.array(recentFile);

/** A project or an archive that was opened before. */
export type RecentFile = Readonly<v.InferOutput<typeof recentFile>>;

/** Files that are remembered at most. */
export const MAX_RECENT_FILES = 10;

/** Characters that the remembered list may take; older files are forgotten beyond them. */
const MAX_TEXT = 10_000;

/** The remembered files, the last opened first; none where the text is damaged. */
export function parseRecentFiles(text: string | null): readonly RecentFile[] {
  if (text === null) return [];
  try {
    const parsed = v.safeParse(recentFiles, JSON.parse(text));
    return parsed.success ? parsed.output.slice(0, MAX_RECENT_FILES) : [];
  } catch {
    return [];
  }
}

/** The remembered files as a text that {@link parseRecentFiles} reads, of at most 10,000 characters. */
export function formatRecentFiles(files: readonly RecentFile[]): string {
  const text = JSON.stringify(files);
  return text.length > MAX_TEXT && files.length > 0 ? formatRecentFiles(files.slice(0, -1)) : text;
}

/** The files after one was opened: it comes first, and only once. */
export function withRecentFile(
  files: readonly RecentFile[],
  opened: RecentFile,
): readonly RecentFile[] {
  return [opened, ...files.filter(({ path }) => path !== opened.path)].slice(0, MAX_RECENT_FILES);
}
