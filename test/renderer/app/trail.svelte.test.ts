import { describe, expect, it, vi } from 'vitest';
import { Trail, TRAIL_REST_MS } from '../../../renderer/app/trail.svelte.ts';
import { aWorkbench } from '../support/scripted.ts';

function aTrail() {
  let shown = 'a';
  const trail = new Trail();
  trail.keep({
    key: () => shown,
    take: () => {
      const taken = shown;
      return () => {
        shown = taken;
      };
    },
  });
  trail.settle();
  return {
    trail,
    look(next: string) {
      shown = next;
      trail.settle();
    },
    set(next: string) {
      shown = next;
    },
    get shown() {
      return shown;
    },
  };
}

describe('the trail of what was looked at', () => {
  it('goes back and forward step by step', () => {
    const walk = aTrail();
    for (const each of ['b', 'c']) walk.look(each);
    walk.trail.back();
    expect(walk.shown).toBe('b');
    walk.trail.back();
    expect(walk.shown).toBe('a');
    expect(walk.trail.canGoBack).toBe(false);
    walk.trail.forward();
    walk.trail.forward();
    expect(walk.shown).toBe('c');
    expect(walk.trail.canGoForward).toBe(false);
  });

  it('takes down what was not rested on yet before it goes back', () => {
    const walk = aTrail();
    walk.set('b');
    walk.trail.back();
    expect(walk.shown).toBe('a');
    walk.trail.forward();
    expect(walk.shown).toBe('b');
  });

  it('forgets what lay ahead when another way is taken', () => {
    const walk = aTrail();
    walk.look('b');
    walk.trail.back();
    walk.look('c');
    expect(walk.trail.canGoForward).toBe(false);
    walk.trail.back();
    expect(walk.shown).toBe('a');
  });

  it('makes one step of what passes by without a rest', () => {
    vi.useFakeTimers();
    const walk = aTrail();
    for (const each of ['b', 'c', 'd']) {
      walk.set(each);
      walk.trail.touch();
      vi.advanceTimersByTime(TRAIL_REST_MS / 2);
    }
    vi.advanceTimersByTime(TRAIL_REST_MS);
    walk.trail.back();
    expect(walk.shown).toBe('a');
    vi.useRealTimers();
  });

  it('brings back the screen with its filter and its window', () => {
    const workbench = aWorkbench({});
    workbench.trail.settle();
    workbench.show('flows');
    workbench.filter.add('tag', 'SGTSWEB');
    workbench.filter.setWindow({ from: 1, to: 2 });
    workbench.trail.settle();
    workbench.filter.clear();
    workbench.show('map');
    workbench.trail.back();
    expect(workbench.view).toBe('flows');
    expect(workbench.filter.text).toBe('tag:SGTSWEB');
    expect(workbench.filter.window).toEqual({ from: 1, to: 2 });
    workbench.trail.back();
    expect(workbench.view).toBe('open');
    expect(workbench.filter.active).toBe(false);
  });
});
