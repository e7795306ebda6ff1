import { isProjectPath } from './paths.ts';

/** The paths the system handed over, kept until a page takes them. */
export interface OpenPaths {
  add(paths: readonly string[]): void;
  /** Takes out the last project named so far; the engine opens it at its start. */
  takeProject(): string | undefined;
  /** Gives what is kept, and whatever comes later, to this page. */
  deliverTo(page: (paths: readonly string[]) => void): void;
  /** Keeps paths again: the page is going away. */
  hold(): void;
}

/** Makes an empty store of paths. */
export function createOpenPaths(): OpenPaths {
  let kept: readonly string[] = [];
  let deliver: ((paths: readonly string[]) => void) | undefined;

  function flush(): void {
    if (deliver === undefined || kept.length === 0) return;
    const paths = kept;
    kept = [];
    deliver(paths);
  }

  return {
    add(paths) {
      kept = [...kept, ...paths];
      flush();
    },
    takeProject() {
      const project = kept.findLast(isProjectPath);
      if (project !== undefined) kept = kept.filter((each) => !isProjectPath(each));
      return project;
    },
    deliverTo(page) {
      deliver = page;
      flush();
    },
    hold() {
      deliver = undefined;
    },
  };
}
