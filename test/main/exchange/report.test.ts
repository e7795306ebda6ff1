import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import type { Rule } from '../../../shared/domain/ruleset.ts';
import { exported } from '../../support/export.ts';

const rule: Rule = {
  id: 'r',
  name: '<script>alert(1)</script>',
  sources: [{ kind: 'ip-set', name: '"><img src=x onerror=alert(1)>', addresses: ['192.0.2.1'] }],
  destinations: [],
  services: ['TCP/443'],
  appliedTo: [],
  action: 'ALLOW',
  direction: 'IN_OUT',
  ipVersion: 'IPV4',
  logged: true,
  tag: 'r',
  notes: '412 events & more',
  disabled: false,
};

const ruleset = {
  policies: [{ id: 'p', name: 'Shop', category: 'Application' as const, rules: [rule] }],
};

describe('the report', () => {
  const { text } = exported(
    { format: 'report' },
    {
      ruleset,
      inventory: EMPTY_INVENTORY,
      facts: {
        sources: [],
        coverage: { flows: 0.5, events: 0.99996, needed: 0.25 },
        score: 61,
        findings: [{ severity: 'high', kind: 'any-any', rule: '<b>', detail: 'It is for all.' }],
        findingCount: 4,
        closing: {
          isClosed: false,
          passed: { flows: 7, events: 700 },
          needed: { flows: 2, events: 20 },
          flows: [],
        },
        hits: new Map([['r', 1_234]]),
        denied: [
          {
            source: '192.0.2.7',
            destination: '192.0.2.8',
            service: 'TCP/22',
            decidedBy: 'default',
            events: 9,
          },
        ],
      },
    },
  );

  it('is one page without scripts, or anything from elsewhere', () => {
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).not.toMatch(/<script|<img|<link|src=x onerror=alert\(1\)>|url\(|@import/);
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('412 events &amp; more');
  });

  it('shows coverage, hits and what would be denied', () => {
    expect(text).toContain('<b>50.0 %</b> of flows');
    expect(text).toContain('<b>99.9 %</b> of events');
    expect(text).toContain('1,234');
    expect(text).toContain('<td>192.0.2.7</td>');
    expect(text).toContain('<b>25.0 %</b> of needed flows');
  });

  it('shows findings, the score, and what the closing deny would hit', () => {
    expect(text).toContain('<b>61 of 100</b> score of the check');
    expect(text).toMatch(/<td>&lt;b&gt;<\/td>\s*<td>It is for all\.<\/td>/);
    expect(text).toContain('3 more are on the Check screen.');
    expect(text).toMatch(/7 logged flows that passed \(700 events\) would be denied/);
  });

  it('can be printed before there is a rule', () => {
    const empty = exported(
      { format: 'report' },
      { ruleset: { policies: [] }, inventory: EMPTY_INVENTORY },
    );
    expect(empty.text).toContain('There is no rule yet.');
    expect(empty.text).toContain('No log was loaded.');
  });
});
