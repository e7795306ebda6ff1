import type { RuleDraft, RuleObject } from '../../../../shared/domain/ruleset.ts';
import { freeName, slug } from '../../../../shared/domain/ruleset-change.ts';
import { compareAddressTexts } from '../../../../shared/net/address.ts';
import { servicesOf, type Cluster } from './cover.ts';
import type { Need } from './needs.ts';
import type { Party } from './parties.ts';
import { fittingClusters, inPieces, MAX_LISTED } from './split.ts';

/** More clients from outside than this are any source; fewer are an IP set. */
const MAX_CLIENTS = 16;

/** More servers outside than this are any destination. */
const MAX_SERVERS = 128;

/** Ports from here on that were seen in such numbers between two parties are a range. */
const DYNAMIC = { from: 1024, ports: 60 };

interface Side {
  readonly objects: readonly RuleObject[];
  readonly negated: boolean;
  readonly label: string;
}

/** What a drawn-together rule asks of the rest of the suggestion. */
export interface RuleContext {
  /** Addresses of spurious sources: no rule is for any source where they knocked as well. */
  readonly spurious: readonly string[];
  /** Whether a spurious source was seen at a door some need is for. */
  readonly isKnockedAt: (need: Need) => boolean;
}

/** Writes rules, and gives names once. */
export class RuleWriter {
  readonly #context: RuleContext;
  readonly #names = new Set<string>();
  readonly #tags: Set<string>;
  readonly #sets = new Map<string, string>();

  constructor(context: RuleContext, takenTags: ReadonlySet<string>) {
    this.#context = context;
    this.#tags = new Set(takenTags);
  }

  /** An IP set; equal addresses have one name, and a name stands for one set of addresses. */
  #ipSet(wanted: string, addresses: readonly string[]): RuleObject {
    const sorted = addresses.toSorted(compareAddressTexts);
    const [only, ...more] = sorted;
    const isOne = only !== undefined && more.length === 0;
    const key = sorted.join(' ');
    const name = this.#sets.get(key) ?? (isOne ? only : freeName(wanted, this.#names, 255));
    this.#sets.set(key, name);
    this.#names.add(name);
    return { kind: 'ip-set', name, addresses: sorted };
  }

  #side(needs: readonly Need[], end: 'source' | 'destination', opposite: string): Side {
    const parties = [...new Map(needs.map((need) => [need[end].key, need[end]])).values()];
    const named = parties.flatMap((party) => party.object ?? []);
    const label = labelOf(parties);
    const strange = needs.filter((need) => need[end].kind === 'stranger');
    if (strange.length === 0) return { objects: named, negated: false, label };
    const addresses = [
      ...new Set(
        strange.flatMap((need) => [...need[end === 'source' ? 'sources' : 'destinations']]),
      ),
    ];
    if (addresses.length <= (end === 'source' ? MAX_CLIENTS : MAX_SERVERS)) {
      const wanted = end === 'source' ? `Clients of ${opposite}` : `Servers of ${opposite}`;
      const set = this.#ipSet(wanted, addresses);
      const shown = addresses.length === 1 || parties.length > 1 ? set.name : wanted;
      return { objects: [...named, set], negated: false, label: shown };
    }
    const { spurious, isKnockedAt } = this.#context;
    if (end === 'source' && needs.some((need) => isKnockedAt(need))) {
      const left = this.#ipSet('Spurious sources', spurious);
      return { objects: [left], negated: true, label: 'any' };
    }
    return { objects: [], negated: false, label: 'any' };
  }

  #newTag(wanted: string): string {
    const tag = freeName(slug(wanted, 32), this.#tags, 32);
    this.#tags.add(tag);
    return tag;
  }

  #draft(name: string, fields: Partial<RuleDraft>): RuleDraft {
    return {
      name: name.slice(0, 255),
      sources: [],
      destinations: [],
      services: [],
      appliedTo: [],
      action: 'ALLOW',
      direction: 'IN_OUT',
      ipVersion: 'IPV4_IPV6',
      logged: true,
      tag: fields.tag ?? this.#newTag(name.replace(' to ', '-')),
      notes: '',
      disabled: false,
      ...fields,
    };
  }

  /** The rules that permit the needs of a cluster, with the needs each is for: one wherever it can say them all. */
  permits(
    cluster: Cluster,
  ): readonly { readonly rule: RuleDraft; readonly needs: readonly Need[] }[] {
    return fittingClusters(cluster, (each) => withRanges(servicesOf(each))).map((each) => {
      return { rule: this.#permit(each), needs: each.needs };
    });
  }

  #permit(cluster: Cluster): RuleDraft {
    const { needs } = cluster;
    const from = labelOf(needs.map(({ source }) => source));
    const to = labelOf(needs.map(({ destination }) => destination));
    const sources = this.#side(needs, 'source', to);
    const destinations = this.#side(needs, 'destination', from);
    const scope = needs.some(({ isWide }) => isWide)
      ? []
      : [...new Set(needs.flatMap(({ enforcedBy }) => [...enforcedBy]))].sort();
    return this.#draft(`${sources.label} to ${destinations.label}`, {
      sources: sources.objects,
      ...(sources.negated ? { sourcesNegated: true } : {}),
      destinations: destinations.objects,
      services: withRanges(servicesOf(cluster)),
      appliedTo: scope.length > MAX_LISTED ? [] : scope,
    });
  }

  /** The rule for a single pair of addresses. */
  permitPair(source: string, destination: string, need: Need): RuleDraft {
    return this.#draft(`${source} to ${destination} ${need.service}`, {
      sources: [this.#ipSet(source, [source])],
      destinations: [this.#ipSet(destination, [destination])],
      services: [need.service],
      appliedTo: need.isWide ? [] : [...need.enforcedBy].sort(),
    });
  }

  /** The deny that closes an application; several where it has more groups than one can be applied to. */
  closes(application: string, groups: readonly string[], disabled: boolean): readonly RuleDraft[] {
    return inPieces(groups, MAX_LISTED).map((appliedTo, at) =>
      this.#draft(`Deny all ${application}${at === 0 ? '' : ` (${at + 1})`}`, {
        action: 'DROP',
        appliedTo,
        disabled,
        tag: this.#newTag(`DENY-${application}`),
      }),
    );
  }
}

function labelOf(parties: readonly Party[]): string {
  const labels = [...new Set(parties.map(({ label }) => label))];
  const [first = 'any', second] = labels;
  if (labels.length <= 2) return second === undefined ? first : `${first} and ${second}`;
  return `${labels.length} groups`;
}

/** Many high ports of one protocol become the range they lie in. */
function withRanges(services: readonly string[]): readonly string[] {
  const kept: string[] = [];
  const high = new Map<string, number[]>();
  for (const service of services) {
    const [protocol = '', port] = service.split('/');
    const number = Number(port);
    if (port === undefined || number < DYNAMIC.from) kept.push(service);
    else high.set(protocol, [...(high.get(protocol) ?? []), number]);
  }
  for (const [protocol, ports] of high) {
    if (ports.length <= DYNAMIC.ports) kept.push(...ports.map((port) => `${protocol}/${port}`));
    else kept.push(`${protocol}/${Math.min(...ports)}-${Math.max(...ports)}`);
  }
  return kept;
}
