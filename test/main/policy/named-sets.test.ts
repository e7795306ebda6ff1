import { describe, expect, it } from 'vitest';
import { SetNames } from '../../../main/engine/policy/compare/named-sets.ts';
import { AddressSet } from '../../../shared/policy/address-set.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { ESTATE } from '../../support/rulesets.ts';

const names = new SetNames(
  ESTATE.groups.map(({ name }) => name),
  resolverOf(ESTATE),
);
const said = (...texts: readonly string[]) => names.addresses(AddressSet.read(texts).set).texts;

describe('a set of addresses', () => {
  it('is told by the groups in it, the largest first, and by what is left', () => {
    expect(said('192.0.2.3', '192.0.2.4')).toEqual(['APP']);
    expect(said('192.0.2.3-192.0.2.5', '2001:db8::2', '198.51.100.1')).toEqual([
      'APP',
      'DB',
      '198.51.100.1',
    ]);
    expect(said('192.0.2.3')).toEqual(['192.0.2.3']);
  });

  it('of nearly everything is told by what is not in it', () => {
    const but = (text: string) => AddressSet.ALL.subtract(AddressSet.read([text]).set);
    expect(names.addresses(AddressSet.ALL).texts).toEqual(['any']);
    expect(names.addresses(but('192.0.2.3-192.0.2.4')).texts).toEqual(['any but APP']);
    expect(names.addresses(but('0.0.0.0/0')).texts).toEqual(['any IPv6']);
    const six = but('0.0.0.0/0').subtract(AddressSet.read(['2001:db8::9']).set);
    expect(names.addresses(six).texts).toEqual(['any IPv6 but 2001:db8::9']);
  });

  it('is told in part where it is long', () => {
    const many = Array.from({ length: 60 }, (_, at) => `198.51.100.${at * 2}`);
    const { texts, count } = names.addresses(AddressSet.read(many).set);
    expect([texts.length, count]).toEqual([24, 60]);
  });
});
