import { describe, expect, it } from 'vitest';
import { allowanceOf } from '../../../shared/domain/allowance.ts';
import type { RuleObject } from '../../../shared/domain/ruleset.ts';

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  WEB: ['192.0.2.1', '192.0.2.2'],
  APP: ['192.0.2.2', '192.0.2.3', '192.0.2.4'],
};
const membersOf = (name: string) => MEMBERS[name];
const group = (name: string): RuleObject => ({ kind: 'group', name });
const ipSet = (...addresses: readonly string[]): RuleObject => ({
  kind: 'ip-set',
  name: 'set',
  addresses,
});
const rule = (
  sources: readonly RuleObject[],
  destinations: readonly RuleObject[],
  ...services: readonly string[]
) => ({ sources, destinations, services });

describe('what a rule allows', () => {
  it('counts addresses of both sides and every port, without an address to itself', () => {
    const allowed = allowanceOf(
      rule([group('WEB')], [group('APP')], 'TCP/443', 'TCP/8000-8009', 'ICMP'),
      membersOf,
    );
    expect(allowed).toEqual({ sources: 2, destinations: 3, services: 12, combinations: 5 * 12 });
  });

  it('counts an address in two objects of a side once', () => {
    const both = [group('WEB'), ipSet('192.0.2.1', '198.51.100.7')];
    const allowed = allowanceOf(rule(both, [ipSet('203.0.113.1')], 'UDP/53'), membersOf);
    expect(allowed.combinations).toBe(3);
  });

  it('has no count where a side, a service or a group is open', () => {
    const web = [group('WEB')];
    const open = [
      rule([], web, 'TCP/80'),
      rule(web, [], 'TCP/80'),
      rule(web, web),
      rule(web, web, 'TCP'),
      rule([group('UNKNOWN')], web, 'TCP/80'),
      rule([ipSet('198.51.100.0/24')], web, 'TCP/80'),
      { ...rule(web, web, 'TCP/80'), sourcesNegated: true },
    ];
    for (const each of open) expect(allowanceOf(each, membersOf).combinations).toBeNull();
  });
});
