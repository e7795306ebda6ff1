import { describe, expect, it } from 'vitest';
import { TourState } from '../../../renderer/app/tour-state.svelte.ts';
import { tourSteps, type TourFacts } from '../../../renderer/tour/steps.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { aRule } from '../support/scripted.ts';

const finding = { id: 'x', confidence: 1, evidence: { events: 1, flows: 1, terms: [] }, notes: [] };

const inventory = {
  ...EMPTY_INVENTORY,
  applications: [
    {
      ...finding,
      name: 'SHOP',
      tiers: [
        { name: 'web', groups: ['SHOP-WEB'] },
        { name: 'db', groups: ['SHOP-DB'] },
      ],
      groups: ['SHOP', 'SHOP-DB', 'SHOP-WEB'],
      vips: ['192.0.2.9'],
    },
  ],
  vips: [
    { ...finding, address: '192.0.2.8', groups: ['SHOP-WEB'] },
    { ...finding, address: '192.0.2.9', groups: ['SHOP-DB'] },
  ],
} as unknown as Inventory;

const nothing: TourFacts = {
  view: 'map',
  selectedVip: null,
  rules: [],
  areSuggestionsShown: false,
  isChecked: false,
  exports: 0,
};

function step(title: string) {
  const found = tourSteps(inventory).find((each) => each.title === title);
  if (found === undefined) throw new Error(`no step "${title}"`);
  return found;
}

describe('the steps of the tour', () => {
  it('tell the method with the names of the project', () => {
    expect(tourSteps(inventory).map(({ title }) => title)).toEqual([
      'See the tiers',
      'Find the VIP',
      'Draw a rule',
      'Suggest the rest',
      'Close with a deny-all',
      'Check',
      'Export',
    ]);
    expect(step('See the tiers').text).toContain('SHOP-WEB and SHOP-DB');
    expect(step('Find the VIP').text).toContain('SHOP-WEB talks to 192.0.2.9');
    expect(step('Close with a deny-all').text).toContain('vNICs of SHOP only');
  });

  it('leave the VIP out where none was found', () => {
    const titles = tourSteps(EMPTY_INVENTORY).map(({ title }) => title);
    expect(titles).not.toContain('Find the VIP');
    expect(titles).not.toContain('Draw a rule');
    expect(titles[0]).toBe('See the tiers');
  });

  it('are done by doing them, and by nothing else', () => {
    const isDone = (title: string, facts: Partial<TourFacts>) =>
      step(title).isDone?.({ ...nothing, ...facts });
    const toVip = aRule('to-vip', {
      action: 'ALLOW',
      destinations: [{ kind: 'ip-set', name: 'SHOP-DB-VIP', addresses: ['192.0.2.9'] }],
    });
    const deny = aRule('deny', { action: 'DROP', sources: [], destinations: [], services: [] });
    expect(step('See the tiers').isDone).toBeNull();
    expect(isDone('Find the VIP', { selectedVip: '192.0.2.8' })).toBe(false);
    expect(isDone('Find the VIP', { selectedVip: '192.0.2.9' })).toBe(true);
    expect(isDone('Draw a rule', { rules: [deny] })).toBe(false);
    expect(isDone('Draw a rule', { rules: [toVip] })).toBe(true);
    expect(isDone('Close with a deny-all', { rules: [toVip] })).toBe(false);
    expect(isDone('Close with a deny-all', { rules: [toVip, { ...deny, disabled: true }] })).toBe(
      false,
    );
    expect(isDone('Close with a deny-all', { rules: [toVip, deny] })).toBe(true);
    expect(isDone('Check', { isChecked: true })).toBe(false);
    expect(isDone('Check', { isChecked: true, view: 'check' })).toBe(true);
    expect(isDone('Export', { exports: 1 })).toBe(true);
  });
});

describe('the tour', () => {
  it('goes on once a step is done', () => {
    const tour = new TourState();
    tour.start();
    tour.observe(false);
    expect(tour.at).toBe(0);
    tour.observe(true);
    expect(tour.at).toBe(1);
  });

  it('waits at a step that was done before', () => {
    const tour = new TourState();
    tour.start();
    tour.observe(true);
    tour.observe(true);
    expect(tour.at).toBe(0);
    tour.observe(false);
    tour.observe(true);
    expect(tour.at).toBe(1);
  });

  it('goes back, but not before its beginning, and begins anew', () => {
    const tour = new TourState();
    tour.start();
    tour.step(-1);
    expect(tour.at).toBe(0);
    tour.step(1);
    tour.end();
    expect([tour.isOn, tour.at]).toEqual([false, 1]);
    tour.start();
    expect([tour.isOn, tour.at]).toEqual([true, 0]);
  });
});
