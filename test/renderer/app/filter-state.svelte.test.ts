import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILTER_REST_MS, FilterState } from '../../../renderer/app/filter-state.svelte.ts';

describe('the filter bar', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('applies what was typed once typing rests', () => {
    const filter = new FilterState();
    filter.type('src:SGTS');
    vi.advanceTimersByTime(FILTER_REST_MS - 1);
    filter.type('src:SGTSWEB');
    vi.advanceTimersByTime(FILTER_REST_MS - 1);
    expect(filter.terms).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(filter.terms).toEqual([{ field: 'source', exclude: false, values: ['SGTSWEB'] }]);
  });

  it('keeps the last good filter in force while the text is none, and says why', () => {
    const filter = new FilterState();
    filter.type('svc:TCP/443');
    filter.commit();
    filter.type('colour:red');
    filter.commit();
    expect(filter.problem).toContain('"colour" is no field');
    expect(filter.terms).toHaveLength(1);
    filter.type('svc:TCP/80');
    filter.commit();
    expect(filter.problem).toBeNull();
    expect(filter.terms[0]?.values).toEqual(['TCP/80']);
  });

  it('does not ask anew for a text that means the same', () => {
    const filter = new FilterState();
    filter.type('svc:TCP/443');
    filter.commit();
    const before = filter.applied;
    filter.type('service:TCP/443 ');
    filter.commit();
    expect(filter.applied).toBe(before);
  });

  it('writes a term that a click adds into the text', () => {
    const filter = new FilterState();
    filter.add('destination', '192.0.2.31');
    filter.add('action', 'DROP', true);
    filter.add('action', 'REJECT', true);
    expect(filter.text).toBe('destination:192.0.2.31 -action:DROP|REJECT');
  });

  it('replaces an exclusion by the inclusion of the same value', () => {
    const filter = new FilterState();
    filter.add('tag', 'SGTSDB', true);
    filter.add('tag', 'SGTSDB');
    expect(filter.text).toBe('tag:SGTSDB');
  });

  it('turns a term into its opposite and takes it out', () => {
    const filter = new FilterState();
    filter.add('source', 'SGTSWEB');
    const [term] = filter.terms;
    if (term !== undefined) filter.flip(term);
    expect(filter.text).toBe('-source:SGTSWEB');
    const [flipped] = filter.terms;
    if (flipped !== undefined) filter.remove(flipped);
    expect(filter.active).toBe(false);
  });

  it('forgets terms, text and time window when cleared, and a keystroke before does not return', () => {
    const filter = new FilterState();
    filter.setWindow({ from: 0, to: 60_000 });
    filter.type('src:SGTSWEB');
    filter.clear();
    vi.advanceTimersByTime(FILTER_REST_MS * 2);
    expect(filter.applied).toEqual({ terms: [], window: null });
    expect(filter.text).toBe('');
  });
});
