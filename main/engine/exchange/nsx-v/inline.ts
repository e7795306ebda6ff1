import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { ExportModel, ModelGroup, ModelRule } from '../model/export-model.ts';
import { quote, type ExportReport } from '../model/report.ts';
import { inlineServices, WHOLE_FIREWALL, type Side, type VRule } from './sections.ts';
import { element } from './xml.ts';

interface Part {
  readonly direction: VRule['direction'];
  readonly sources: Side | null;
  readonly destinations: Side | null;
  readonly ending: string;
}

/** Addresses in elements; blocks are written as ranges. */
function sideOf(set: AddressSet, name: 'source' | 'destination', isNegated = false): Side {
  const items = set
    .texts()
    .map((text) =>
      element(name, [
        element('value', text),
        element('type', text.includes(':') ? 'Ipv6Address' : 'Ipv4Address'),
      ]),
    );
  return { items, isNegated };
}

/** Writes rules with addresses in the place of groups: nothing in the section needs an id. */
export class InlineRules {
  readonly #model: ExportModel;
  readonly #report: ExportReport;
  readonly #sets = new Map<ModelGroup, AddressSet>();

  constructor(model: ExportModel, report: ExportReport) {
    this.#model = model;
    this.#report = report;
  }

  /**
   * The rules that decide as the one given does. A group in Applied To cannot be named without an id:
   * where it matters, the rule becomes one for packets that leave its members and one for those that
   * reach them, both in the whole firewall.
   */
  readonly write = (own: ModelRule): readonly VRule[] => {
    const { rule } = own;
    const services = inlineServices(own, this.#report);
    const sources = this.#side(own, 'sources');
    const destinations = this.#side(own, 'destinations');
    const parts = this.#parts(own, sources, destinations);
    if (parts.some(({ ending }) => ending !== '')) {
      const message = `Rule ${quote(rule.name)} is applied to groups, which a section without ids cannot name: it is written with addresses and directions that decide the same.`;
      this.#report.warnOf(rule, 'appliedTo', message);
    }
    return parts.map((part) => ({
      name: rule.name + part.ending,
      id: null,
      sources: part.sources,
      destinations: part.destinations,
      services,
      appliedTo: WHOLE_FIREWALL,
      direction: part.direction,
      disabled: rule.disabled,
    }));
  };

  #setOf(group: ModelGroup): AddressSet {
    const known = this.#sets.get(group);
    if (known !== undefined) return known;
    const texts =
      group.kind === 'group'
        ? [...this.#model.membership.addresses(group.name)]
        : [...group.addresses[4], ...group.addresses[6]];
    const { set } = AddressSet.read(texts);
    this.#sets.set(group, set);
    return set;
  }

  #union(own: ModelRule, field: 'sources' | 'destinations' | 'appliedTo'): AddressSet {
    let union = AddressSet.NONE;
    for (const group of own[field]) {
      const set = this.#setOf(group);
      const isUnresolved = [...this.#model.membership.within(group.name)].some(
        (name) => this.#model.membership.group(name)?.definition?.unresolved === true,
      );
      if (set.isEmpty || (group.kind === 'group' && isUnresolved)) {
        const problem = `the members of group ${quote(group.name)} are not all known, and a section without ids needs their addresses`;
        this.#report.refuse(own.rule, field, problem);
      }
      union = union.union(set);
    }
    return union;
  }

  #side(own: ModelRule, field: 'sources' | 'destinations'): AddressSet | null {
    return own[field].length === 0 ? null : this.#union(own, field);
  }

  #parts(
    own: ModelRule,
    sources: AddressSet | null,
    destinations: AddressSet | null,
  ): readonly Part[] {
    const { rule } = own;
    const isOut = rule.sourcesNegated === true;
    const isIn = rule.destinationsNegated === true;
    const plain = {
      sources: sources === null ? null : sideOf(sources, 'source', isOut),
      destinations: destinations === null ? null : sideOf(destinations, 'destination', isIn),
    };
    if (own.appliedTo.length === 0) return [{ ...plain, direction: rule.direction, ending: '' }];
    const scope = this.#union(own, 'appliedTo');
    const within = (set: AddressSet | null, isNegated: boolean): AddressSet =>
      set === null ? scope : isNegated ? scope.subtract(set) : scope.intersect(set);
    const leaving = rule.direction === 'IN' ? AddressSet.NONE : within(sources, isOut);
    const reaching = rule.direction === 'OUT' ? AddressSet.NONE : within(destinations, isIn);
    const isWhole = (set: AddressSet | null, isNegated: boolean, inside: AddressSet): boolean =>
      set !== null && !isNegated && set.key === inside.key;
    if (
      (rule.direction === 'IN' || isWhole(sources, isOut, leaving)) &&
      (rule.direction === 'OUT' || isWhole(destinations, isIn, reaching))
    )
      return [{ ...plain, direction: rule.direction, ending: '' }];
    const parts: Part[] = [];
    if (!leaving.isEmpty)
      parts.push({
        direction: 'OUT',
        sources: sideOf(leaving, 'source'),
        destinations: plain.destinations,
        ending: ' (out)',
      });
    if (!reaching.isEmpty)
      parts.push({
        direction: 'IN',
        sources: plain.sources,
        destinations: sideOf(reaching, 'destination'),
        ending: ' (in)',
      });
    if (parts.length === 0) {
      const problem =
        'Applied To holds none of its sources and destinations, so it is enforced nowhere';
      this.#report.refuse(rule, 'appliedTo', problem);
    }
    return parts;
  }
}
