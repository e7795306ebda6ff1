import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { log } from './log.ts';
import { makeFolderOf } from './paths.ts';

const pixel = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));

const rememberedSchema = v.object({
  window: v.fallback(
    v.nullable(
      v.object({
        x: pixel,
        y: pixel,
        width: v.pipe(pixel, v.minValue(1)),
        height: v.pipe(pixel, v.minValue(1)),
        maximized: v.boolean(),
      }),
    ),
    null,
  ),
  /** The folder last used by each dialog. */
  folders: v.fallback(v.record(v.string(), v.string()), {}),
});

/** What the shell remembers between sessions: the window's place in screen pixels, and folders. */
export type Remembered = v.InferOutput<typeof rememberedSchema>;

/** The shell's memory: a small JSON file. A missing or spoilt one is an empty memory. */
export interface Memory {
  read(): Remembered;
  write(change: Partial<Remembered>): void;
}

/** Opens the memory in a file. Failing to write is no reason to bother the user: it is logged. */
export function createMemory(file: string): Memory {
  let remembered = load(file);
  return {
    read: () => remembered,
    write(change) {
      remembered = { ...remembered, ...change };
      try {
        makeFolderOf(file);
        writeFileSync(`${file}.tmp`, JSON.stringify(remembered, null, 2));
        renameSync(`${file}.tmp`, file);
      } catch (thrown) {
        log(thrown);
      }
    },
  };
}

function load(file: string): Remembered {
  try {
    return v.parse(rememberedSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { window: null, folders: {} };
  }
}
