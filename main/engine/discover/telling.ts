import type { FilterTerm } from '../../../shared/domain/filter.ts';
import type {
  Application,
  Group,
  Proof,
  SharedService,
  SpuriousSource,
  Vip,
  VipMode,
} from '../../../shared/domain/inventory.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import { serviceText } from '../../../shared/net/service.ts';
import type { FoundApplication } from './applications.ts';
import { confidenceOf } from './confidence.ts';
import { portOf, protocolOf } from './facts.ts';
import type { Role } from './roles.ts';
import type { FoundShared } from './shared-services.ts';
import type { FoundSpurious } from './spurious.ts';
import {
  applicationStrength,
  roleStrength,
  sharedStrength,
  spuriousStrength,
  vipStrength,
} from './strength.ts';
import type { UnitGraph } from './units.ts';
import type { FoundPort, FoundVip } from './vips.ts';

/** Names of units and applications that were found without one. */
interface Naming {
  of(unit: string): string;
  ofApplication(application: FoundApplication): string;
}

function term(field: FilterTerm['field'], values: readonly string[]): FilterTerm {
  return { field, exclude: false, values };
}

function textOfService(key: number): string {
  return serviceText(protocolOf(key), portOf(key));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const SPURIOUS_REASON = {
  sweep: 'It tries one service at many addresses',
  scan: 'It tries many services',
  'wrong-address': 'It tries a service that nobody answers',
} as const;

/** Turns what was found into findings: addresses as texts, with reasons and the flows that show them. */
export class Telling {
  readonly #text: (code: number) => string;
  readonly #graph: UnitGraph;
  readonly #names: Naming;

  constructor(codes: { addressText(code: number): string }, graph: UnitGraph, names: Naming) {
    this.#text = (code) => codes.addressText(code);
    this.#graph = graph;
    this.#names = names;
  }

  #texts(codes: Iterable<number>): readonly string[] {
    return [...new Set(codes)].map(this.#text).sort(compareAddressTexts);
  }

  /** Groups made from roles. */
  roles(roles: ReadonlyMap<string, Role>): readonly Group[] {
    return [...roles].map(([unit, role]): Group => {
      const members = this.#texts(role.members);
      const name = this.#names.of(unit);
      const reason = role.isClient
        ? 'They use applications and serve nobody.'
        : `They serve and use the same, ${percent(role.likeness)} alike.`;
      return {
        id: `group:${name}`,
        name,
        basis: 'role',
        standing: 'inferred',
        confidence: confidenceOf('role', roleStrength(role)),
        proofs: [{ reason, terms: [term('address', members)], events: role.events }],
        members,
        parents: [],
        children: [],
        tier: null,
        application: null,
        events: role.events,
      };
    });
  }

  /** Applications, with the groups around their tiers. */
  applications(
    found: readonly FoundApplication[],
    tagged: readonly Group[],
  ): readonly Application[] {
    const parents = new Map(tagged.map((group) => [group.name, group.parents[0]]));
    const used = new Map<string, number>();
    const sorted = [...found].sort((a, b) => (a.units.join() < b.units.join() ? -1 : 1));
    const told = sorted.map((application): Application => {
      const base = this.#names.ofApplication(application);
      const count = (used.get(base) ?? 0) + 1;
      used.set(base, count);
      const name = count === 1 ? base : `${base} (${count})`;
      const units = application.units.map((unit) => this.#names.of(unit));
      const around = application.units.flatMap((unit) => parents.get(unit) ?? []);
      const vips = [...this.#graph.behind]
        .filter(([, own]) => application.units.includes(own[0] ?? ''))
        .map(([vip]) => vip);
      const tiers = application.tiers.map((tier) => ({
        name: tier.name,
        groups: tier.units.map((unit) => this.#names.of(unit)),
      }));
      return {
        id: `application:${name}`,
        name,
        standing: 'inferred',
        confidence: confidenceOf('application', applicationStrength(application.evidence)),
        proofs: this.#applicationProofs(application, units),
        tiers,
        groups: [...new Set([...units, ...around])].sort(),
        vips: this.#texts(vips),
      };
    });
    return told.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #applicationProofs({ evidence }: FoundApplication, groups: readonly string[]): readonly Proof[] {
    const { named, inside, across } = evidence;
    const within = Math.round(inside);
    const calls = [term('source', groups), term('destination', groups)];
    return [
      ...(named > 0
        ? [
            {
              reason: `${named} of its groups share a word in their tags, or the tag around them.`,
              terms: [term('tag', groups)],
              events: 0,
            },
          ]
        : []),
      ...(within > 0
        ? [
            {
              reason: `Its groups open ${within} sessions to each other, and ${Math.round(across)} to or from groups of other applications.`,
              terms: calls,
              events: within,
            },
          ]
        : []),
    ];
  }

  /** VIPs, each with the application that serves behind it. */
  vips(found: readonly FoundVip[], applications: readonly Application[]): readonly Vip[] {
    return found
      .map((vip): Vip => {
        const address = this.#text(vip.address);
        const groups = (this.#graph.behind.get(vip.address) ?? []).map((unit) =>
          this.#names.of(unit),
        );
        const group = groups[0] ?? null;
        const modes = new Set<VipMode>(vip.ports.map(({ mode }) => mode));
        const [mode] = modes;
        return {
          id: `vip:${address}`,
          address,
          standing: 'inferred',
          confidence: confidenceOf('vip', vipStrength(vip)),
          proofs: vip.ports.flatMap((port) => this.#vipProofs(address, port)),
          ports: vip.ports.map(({ protocol, port, pool, poolPort }) => ({
            protocol,
            port,
            pool: this.#texts(pool),
            poolPort,
          })),
          snat: this.#texts(vip.ports.flatMap(({ snat }) => snat)),
          mode: modes.size === 1 && mode !== undefined ? mode : 'one-arm',
          group,
          groups,
          application:
            applications.find(({ groups: own }) => group !== null && own.includes(group))?.name ??
            null,
        };
      })
      .sort((a, b) => compareAddressTexts(a.address, b.address));
  }

  #vipProofs(address: string, port: FoundPort): readonly Proof[] {
    const front = serviceText(port.protocol, port.port);
    const back = serviceText(port.protocol, port.poolPort);
    const { probes, hits, lag, chance } = port.evidence;
    const pool = this.#texts(port.pool);
    const from = port.mode === 'inline' ? 'the client itself' : this.#texts(port.snat).join(', ');
    const opener = port.mode === 'inline' ? [] : [term('source', this.#texts(port.snat))];
    return [
      {
        reason: `Of ${probes} sessions to ${front} that were looked at, ${hits} are followed by one to ${back} of the pool after about ${Math.max(0, Math.round(lag))} ms; by chance it would be ${chance.toFixed(1)}.`,
        terms: [term('destination', [address]), term('service', [front])],
        events: probes,
      },
      {
        reason: `Those are opened by ${from}.`,
        terms: [...opener, term('destination', pool), term('service', [back])],
        events: hits,
      },
    ];
  }

  /** Shared services. */
  shared(found: readonly FoundShared[]): readonly SharedService[] {
    return found
      .map((each): SharedService => {
        const address = this.#text(each.address);
        const services = each.services.map(textOfService);
        const share = percent(each.breadth);
        const reason = each.isServer
          ? `${share} of the workloads use it.`
          : `It opens sessions to ${share} of the workloads that serve.`;
        return {
          id: `shared:${address}`,
          address,
          name: each.name,
          standing: 'inferred',
          confidence: confidenceOf('shared', sharedStrength(each)),
          proofs: [
            {
              reason,
              terms: [
                term(each.isServer ? 'destination' : 'source', [address]),
                term('service', services),
              ],
              events: each.events,
            },
          ],
          services,
          usedBy: each.usedBy,
          isServer: each.isServer,
        };
      })
      .sort((a, b) => compareAddressTexts(a.address, b.address));
  }

  /** Spurious sources. */
  spurious(found: readonly FoundSpurious[]): readonly SpuriousSource[] {
    return found
      .map((each): SpuriousSource => {
        const address = this.#text(each.address);
        const { kind, targets, services, sessions, answeredShare, events } = each;
        const reason = `${SPURIOUS_REASON[kind]}: ${sessions} sessions to ${targets} addresses and ${services} services, ${percent(answeredShare)} of them answered.`;
        return {
          id: `spurious:${address}`,
          address,
          kind,
          standing: 'inferred',
          confidence: confidenceOf('spurious', spuriousStrength(each)),
          proofs: [{ reason, terms: [term('source', [address])], events }],
          events,
          targets,
          ports: services,
          answered: answeredShare,
        };
      })
      .sort((a, b) => compareAddressTexts(a.address, b.address));
  }
}
