import type { AddressSet } from '../../shared/policy/address-set.ts';
import type { CompiledRule, CompiledRuleset } from '../../shared/policy/compile.ts';
import type { Address } from '../../shared/net/address.ts';
import { ASSUMED_SOURCE_PORT, type ServiceSet } from '../../shared/policy/service-set.ts';
import { stretchesOf } from '../../shared/policy/intervals.ts';
import { fixed, join, sql, text, u32, type Sql } from '../../main/engine/store/sql.ts';
import { FIRST_CODED } from '../../main/engine/policy/decisions/flow-keys.ts';

/** Rules a word of a mask holds: the lowest bit of a BIGINT is found while its sign is unused. */
const BITS = 62;

/** Words as decimal texts: they do not fit a number. */
type Mask = readonly bigint[];

/** An address code from which on, up to the next of the list, masks hold. */
export interface CodedAddress {
  readonly code: number;
  readonly address: Address;
}

function maskOf(rules: readonly CompiledRule[], has: (rule: CompiledRule) => boolean): Mask {
  const words = Array<bigint>(Math.max(1, Math.ceil(rules.length / BITS))).fill(0n);
  rules.forEach((rule, place) => {
    if (!has(rule)) return;
    const word = Math.floor(place / BITS);
    words[word] = (words[word] ?? 0n) | (1n << BigInt(place % BITS));
  });
  return words;
}

/**
 * Masks of all addresses as lines `code words…`: sources, destinations, tables on the way out and in,
 * and whether it is a workload. Each line holds up to the next one's code.
 */
function addressLines(ruleset: CompiledRuleset, coded: readonly CodedAddress[]): string {
  const { rules, workloads } = ruleset;
  const sets = new Set<AddressSet>([
    workloads,
    ...rules.flatMap(({ sources, destinations, table }) => [
      sources,
      destinations,
      ...(table === null ? [] : [table]),
    ]),
  ]);
  const edges = new Set([0, ...[...sets].flatMap(({ v4 }) => [...v4])]);
  const points = [
    ...[...edges]
      .filter((edge) => edge < FIRST_CODED)
      .sort((a, b) => a - b)
      .map((code): CodedAddress => ({ code, address: { family: 4, value: BigInt(code) } })),
    ...coded,
  ];
  return points
    .map(({ code, address }) => {
      const inSources = maskOf(rules, ({ sources }) => sources.has(address));
      const inDestinations = maskOf(rules, ({ destinations }) => destinations.has(address));
      const isHeld = ({ table }: CompiledRule) => table === null || table.has(address);
      const out = maskOf(rules, (rule) => rule.isOut && isHeld(rule));
      const inward = maskOf(rules, (rule) => rule.isIn && isHeld(rule));
      const isWorkload = workloads.has(address) ? 1 : 0;
      return [code, isWorkload, ...inSources, ...inDestinations, ...out, ...inward].join(' ');
    })
    .join(';');
}

/** Masks of all services as lines `slice key words…`; each holds up to the next one's key in its slice. */
function serviceLines(rules: readonly CompiledRule[], slices: readonly number[]): string {
  const sets = [...new Set(rules.map(({ services }) => services))];
  return slices
    .flatMap((slice) => {
      const held = new Map<ServiceSet, ReturnType<ServiceSet['keysFrom']>>(
        sets.map((set) => [set, set.keysFrom(slice)]),
      );
      const edges = new Set([0, ...[...held.values()].flatMap((keys) => [...keys])]);
      const isIn = (rule: CompiledRule, key: number) =>
        stretchesOf(held.get(rule.services) ?? []).some(([from, to]) => from <= key && key < to);
      return [...edges]
        .sort((a, b) => a - b)
        .map((key) => [slice, key, ...maskOf(rules, (rule) => isIn(rule, key))].join(' '));
    })
    .join(';');
}

function wordColumns(prefix: string, words: number, first: number): string {
  return Array.from(
    { length: words },
    (_, word) => `parts[${first + word}]::bigint as ${prefix}${word}`,
  ).join(', ');
}

function table(lines: string): Sql {
  return sql`(select string_split(line, ' ') as parts
    from (select unnest(string_split(${text(lines)}, ';')) as line))`;
}

/** The place of the lowest bit of the ANDed words, -1 where none is set. */
function firstMatch(words: number, term: (word: number) => string): string {
  const cases = Array.from({ length: words }, (_, word) => {
    const bits = `(${term(word)})`;
    return `when ${bits} <> 0 then ${word * BITS} + bit_count((${bits} & -${bits}) - 1)`;
  });
  return `case ${cases.join(' ')} else -1 end`;
}

/**
 * The decisions of a ruleset on any rows, made by the database alone: the masks of the source, of the
 * destination, of the service and of each vNIC's table are looked up, ANDed, and the lowest bit taken.
 *
 * @param rows a query with the columns `source` and `destination` (address codes), `protocol`,
 * `port`, `client_port` (`null` where not known) and `icmp` (type * 256 + code, `null` where not known)
 * @returns a query with all columns of `rows`, and `source_rule` and `destination_rule` (the place of
 * the deciding rule, -1 for the default rule, -2 where nothing enforces), and `is_allowed`
 */
export function decideInSql(
  ruleset: CompiledRuleset,
  coded: readonly CodedAddress[],
  rows: Sql,
): Sql {
  const { rules, defaultRule } = ruleset;
  const words = Math.max(1, Math.ceil(rules.length / BITS));
  const edges = rules.flatMap(({ services }) => services.sourcePortEdges);
  const slices = [...new Set([0, ...edges])].sort((a, b) => a - b);
  const slice = join(
    slices.toReversed().map((edge) => sql`when client >= ${u32(edge)} then ${u32(edge)}`),
    ' ',
    '',
  );
  const common = (word: number) => `s.src${word} & d.dst${word} & v.svc${word}`;
  const atSource = firstMatch(words, (word) => `${common(word)} & s.out${word}`);
  const atDestination = firstMatch(words, (word) => `${common(word)} & d.inward${word}`);
  const allowing = rules.flatMap(({ rule }, place) => (rule.action === 'ALLOW' ? [place] : []));
  if (defaultRule.action === 'ALLOW') allowing.push(-1);
  const isAllowing = `(${['-2', ...allowing].join(', ')})`;
  return sql`(
    with address_mask as materialized (
      select parts[1]::uinteger as code, parts[2] = '1' as is_workload,
        ${fixed(
          ['src', 'dst', 'out', 'inward']
            .map((prefix, at) => wordColumns(prefix, words, 3 + at * words))
            .join(', '),
        )}
      from ${table(addressLines(ruleset, coded))}
    ),
    service_mask as materialized (
      select parts[1]::uinteger as slice, parts[2]::uinteger as key,
        ${fixed(wordColumns('svc', words, 3))}
      from ${table(serviceLines(rules, slices))}
    ),
    keyed as (
      select *, (case ${slice} else 0 end)::uinteger as slice
      from (
        select *, coalesce(client_port, ${u32(ASSUMED_SOURCE_PORT)})::uinteger as client,
          (protocol::uinteger * 65536 + case
            when protocol in (6, 17, 132) then port
            when protocol = 1 then coalesce(icmp, 2048)
            when protocol = 58 then coalesce(icmp, 32768)
            else 0 end)::uinteger as key
        from ${rows}
      )
    ),
    decided as (
      select keyed.*,
        case when s.is_workload then ${fixed(atSource)} else -2 end as source_rule,
        case when d.is_workload then ${fixed(atDestination)} else -2 end as destination_rule
      from keyed
      asof join address_mask as s on keyed.source >= s.code
      asof join address_mask as d on keyed.destination >= d.code
      asof join service_mask as v on keyed.slice = v.slice and keyed.key >= v.key
    )
    select * exclude (client, key, slice),
      source_rule in ${fixed(isAllowing)} and destination_rule in ${fixed(isAllowing)} as is_allowed
    from decided
  )`;
}
