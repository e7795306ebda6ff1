import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { NoKey, type Platform } from '../../../renderer/app/platform.ts';
import type { Project } from '../../../shared/domain/archive.ts';
import { applyChange, EMPTY_RULESET } from '../../../shared/domain/ruleset-change.ts';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import type { RulesetState } from '../../../shared/domain/ruleset.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import type { Handlers } from '../../../shared/ipc/contract.ts';
import { createPortPair } from '../../../shared/ipc/port.ts';
import { serve, type Connection } from '../../../shared/ipc/server.ts';
import { aMediaQuery, aPlatform, aRule } from '../support/scripted.ts';

const project: Project = {
  path: '/data/books.segw',
  schemaVersion: 1,
  sources: [],
  rejectReasons: {},
  totals: { lines: 0, events: 0, rejects: 0, other: 0, blank: 0, duplicates: 0 },
  window: null,
  notices: ['One source was left unfinished; open it again.'],
};

class NoObserver {
  observe(): void {
    return;
  }
  unobserve(): void {
    return;
  }
  disconnect(): void {
    return;
  }
}

let mounted: Record<string, unknown> | null = null;

function show(parts: Partial<Platform>): void {
  mounted = mount(App, { target: document.body, props: { platform: aPlatform(parts) } });
}

/** A page connected to a scripted engine; returns the engine's end. */
function showConnected(script: Partial<Handlers>): { connection(): Connection; drop(): void } {
  const [near, far] = createPortPair();
  const state: RulesetState = { ruleset: EMPTY_RULESET, revision: 0, undo: null, redo: null };
  const handlers = {
    'project.read': () => Promise.resolve(project),
    'ruleset.read': () => Promise.resolve(state),
    'history.read': () => Promise.resolve({ revision: 0, undo: null, redo: null }),
    'inventory.read': () => Promise.resolve(EMPTY_INVENTORY),
    'setting.read': () => Promise.resolve(null),
    'setting.write': () => Promise.resolve(null),
    'flow.histogram': () => Promise.resolve({ start: 0, bucketMs: 60_000, series: [] }),
    'export.preview': () => Promise.reject(new Failure('export-empty')),
    ...script,
  };
  const connection = serve(far, handlers as unknown as Handlers);
  show({ connect: () => Promise.resolve(near) });
  return {
    connection: () => connection,
    drop: () => {
      far.close();
    },
  };
}

function press(key: string, parts: KeyboardEventInit = {}): void {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...parts }));
  flushSync();
}

async function seeText(text: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).toContain(text);
  });
}

describe('the page', () => {
  beforeEach(() => {
    vi.stubGlobal('ResizeObserver', NoObserver);
    vi.stubGlobal('matchMedia', () => aMediaQuery());
    HTMLDialogElement.prototype.showModal = function showModal() {
      this.open = true;
    };
  });
  afterEach(async () => {
    if (mounted !== null) await unmount(mounted);
    mounted = null;
    document.body.replaceChildren();
    vi.unstubAllGlobals();
  });

  it('says what to do where its address has no valid key', async () => {
    show({ connect: () => Promise.reject(new NoKey()) });
    await seeText('Open the address that Segwright printed in the terminal.');
  });

  it('begins by asking for an archive, and tells what was repaired', async () => {
    showConnected({});
    await seeText('Open a log archive to begin');
    await seeText('One source was left unfinished; open it again.');
    expect(document.title).toBe('books – Segwright');
  });

  it('goes to the screens by key and explains the empty ones', async () => {
    showConnected({});
    await seeText('Open a log archive to begin');
    press('r');
    await seeText('No rule yet');
    press('e');
    await seeText('Nothing to export yet');
    press('k', { ctrlKey: true });
    await seeText('Choose archives…');
    expect(document.querySelector('[role=listbox]')).not.toBeNull();
  });

  it('reads the ruleset again when another client changed it', async () => {
    let state: RulesetState = { ruleset: EMPTY_RULESET, revision: 0, undo: null, redo: null };
    const { id, ...rule } = aRule('web-to-app');
    const page = showConnected({ 'ruleset.read': () => Promise.resolve(state) });
    await seeText('Open a log archive to begin');
    press('r');
    await seeText('No rule yet');
    const ruleset = applyChange(EMPTY_RULESET, { kind: 'add-rule', policy: 'SGTSBOOKS', rule });
    state = { ruleset, revision: 1, undo: `Add rule "${id}"`, redo: null };
    page.connection().tell('ruleset');
    await seeText('web-to-app');
    await seeText('Undo: Add rule "web-to-app"');
  });

  it('says so when the engine cannot be reached any more', async () => {
    const page = showConnected({});
    await seeText('Open a log archive to begin');
    page.drop();
    await seeText('The connection to the engine was lost. Reload the page to connect again.');
  });
});
