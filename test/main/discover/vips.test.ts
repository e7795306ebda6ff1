import { expect, it } from 'vitest';
import { Facts, type Talk } from '../../../main/engine/discover/facts.ts';
import type { Followed, Follower } from '../../../main/engine/discover/followers.ts';
import { findVips, poissonTail } from '../../../main/engine/discover/vips.ts';

const MEMBERS = [11, 12, 13];
const SNAT = 90;

function talk(source: number, destination: number, port: number, sessions: number): Talk {
  return {
    source,
    destination,
    protocol: 6,
    port,
    clients: 1,
    inSessions: sessions,
    outSessions: 0,
    sessions,
    passed: sessions,
    events: sessions,
    first: 0,
    last: 0,
  };
}

const facts = new Facts(
  new Set([1, 2, ...MEMBERS]),
  MEMBERS.map((member) => talk(SNAT, member, 8080, 100)),
);
const leafOf = new Map(MEMBERS.map((member) => [member, 'APP']));

function follower(member: number, hits: number, chance: number, opener = SNAT): Follower {
  return { isInline: false, opener, member, poolPort: 8080, hits, chance, lag: 4 };
}

function followed(probes: number, followers: readonly Follower[]): readonly Followed[] {
  return [{ address: 50, protocol: 6, port: 443, probes, followers }];
}

it('an address whose sessions are followed by sessions to a pool is a VIP', () => {
  const vips = findVips(
    followed(
      100,
      MEMBERS.map((member) => follower(member, 30, 0.3)),
    ),
    facts,
    leafOf,
  );
  expect(vips).toMatchObject([
    { address: 50, ports: [{ port: 443, poolPort: 8080, snat: [SNAT], mode: 'one-arm' }] },
  ]);
  expect([...(vips[0]?.ports[0]?.pool ?? [])].sort()).toEqual(MEMBERS);
});

it('a busy server, whose sessions are followed as often as by chance, is none', () => {
  const busy = MEMBERS.map((member) => follower(member, 12, 11));
  expect(findVips(followed(100, busy), facts, leafOf)).toEqual([]);
});

it('one session that is followed is not enough where chance could have done it', () => {
  expect(findVips(followed(1, [follower(11, 1, 0.3)]), facts, leafOf)).toEqual([]);
});

it('a member that was never sent to belongs to the pool where few sessions were seen', () => {
  const few = findVips(followed(4, [follower(11, 2, 0), follower(12, 2, 0)]), facts, leafOf);
  expect(few[0]?.ports[0]?.pool).toContain(13);
  const many = findVips(followed(100, [follower(11, 45, 0), follower(12, 45, 0)]), facts, leafOf);
  expect(many[0]?.ports[0]?.pool).not.toContain(13);
});

it("a client's address that is kept makes the balancer inline", () => {
  const kept = MEMBERS.map((member) => ({ ...follower(member, 30, 0, 0), isInline: true }));
  const [vip] = findVips(followed(100, kept), facts, leafOf);
  expect(vip?.ports[0]).toMatchObject({ mode: 'inline', snat: [] });
});

it('the tail of a Poisson distribution sums to what tables say', () => {
  expect(poissonTail(0, 3)).toBe(1);
  expect(poissonTail(1, 1)).toBeCloseTo(0.632_12, 4);
  expect(poissonTail(5, 1)).toBeCloseTo(0.003_66, 4);
});
