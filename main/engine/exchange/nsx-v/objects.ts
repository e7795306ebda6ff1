import type { ImportedRuleset } from '../../../../shared/domain/imported.ts';
import type { ExportModel, ModelGroup, ModelRule } from '../model/export-model.ts';
import { quote, type ExportReport } from '../model/report.ts';
import { inlineServices, WHOLE_FIREWALL, type Side, type VRule } from './sections.ts';
import { element, xmlLine, type XmlElement } from './xml.ts';

/** An object that has to be at the manager before a section can name it. */
export interface NeededObject {
  readonly kind: 'IPSet' | 'SecurityGroup';
  readonly name: string;
  /** The manager's id; `null` until it is known. */
  readonly id: string | null;
  readonly body: XmlElement;
}

function addressesOf(group: ModelGroup): readonly string[] {
  return [...group.addresses[4], ...group.addresses[6]];
}

/** The name of the IP set that holds the addresses of a security group. */
function addressesName(name: string): string {
  return `${name} addresses`;
}

/** IP sets and security groups with the manager's ids where an imported configuration has them. */
export class NamedObjects {
  readonly #model: ExportModel;
  readonly #report: ExportReport;
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<ModelGroup, string>();
  readonly #missing = new Set<string>();

  constructor(model: ExportModel, report: ExportReport, base: ImportedRuleset | undefined) {
    this.#model = model;
    this.#report = report;
    const counts = new Map<string, number>();
    for (const group of model.groups) {
      if (group.kind !== 'ip-set') continue;
      const number = (counts.get(group.name) ?? 0) + 1;
      counts.set(group.name, number);
      this.#names.set(group, number === 1 ? group.name : `${group.name} (${number})`);
    }
    if (base?.format !== 'nsx-v') return;
    for (const { name, id } of base.groups) {
      if (/^ipset-\d+$/.test(id)) this.#ids.set(`IPSet ${name}`, id);
      if (/^securitygroup-\d+$/.test(id)) this.#ids.set(`SecurityGroup ${name}`, id);
    }
  }

  /** Whether every object the sections name has an id. */
  get isComplete(): boolean {
    return this.#missing.size === 0;
  }

  /** The IP sets to make first. */
  ipSets(): readonly NeededObject[] {
    return this.#model.groups
      .filter((group) => addressesOf(group).length > 0)
      .map((group) => {
        const name = group.kind === 'ip-set' ? this.#nameOf(group) : addressesName(group.name);
        const body = element('ipset', [
          element('name', name),
          element('description', 'Written by Segwright'),
          element('value', addressesOf(group).join(',')),
          element('inheritanceAllowed', 'false'),
        ]);
        return { kind: 'IPSet', name, id: this.#ids.get(`IPSet ${name}`) ?? null, body };
      });
  }

  /**
   * The security groups to make next: machines with a security tag of the group's name, the groups inside, and
   * the addresses seen.
   */
  securityGroups(): readonly NeededObject[] {
    return this.#model.groups
      .filter(({ kind }) => kind === 'group')
      .map((group) => {
        const inside = group.children.flatMap((key) => this.#model.groupOf(key) ?? []);
        const members = inside.map((child) => this.#idOf('SecurityGroup', child.name));
        if (addressesOf(group).length > 0)
          members.push(this.#idOf('IPSet', addressesName(group.name)));
        const body = element('securitygroup', [
          element('name', group.name),
          element('description', 'Written by Segwright'),
          ...members.map((id) => element('member', [element('objectId', id)])),
          element('dynamicMemberDefinition', [
            element('dynamicSet', [
              element('operator', 'OR'),
              element('dynamicCriteria', [
                element('operator', 'OR'),
                element('key', 'VM.SECURITY_TAG'),
                element('criteria', '='),
                element('value', group.name),
              ]),
            ]),
          ]),
        ]);
        const id = this.#ids.get(`SecurityGroup ${group.name}`) ?? null;
        return { kind: 'SecurityGroup', name: group.name, id, body };
      });
  }

  /** The rule with groups by id; where one is missing, its place holds `IPSet:NAME` or the like. */
  readonly write = (own: ModelRule): readonly VRule[] => {
    const { rule } = own;
    const side = (field: 'sources' | 'destinations', isNegated: boolean): Side | null => {
      if (own[field].length === 0) return null;
      const name = field === 'sources' ? 'source' : 'destination';
      return { items: own[field].map((group) => this.#named(name, group)), isNegated };
    };
    return [
      {
        name: rule.name,
        id: null,
        sources: side('sources', rule.sourcesNegated === true),
        destinations: side('destinations', rule.destinationsNegated === true),
        services: inlineServices(own, this.#report),
        appliedTo:
          own.appliedTo.length === 0
            ? WHOLE_FIREWALL
            : own.appliedTo.map((group) => this.#named('appliedTo', group)),
        direction: rule.direction,
        disabled: rule.disabled,
      },
    ];
  };

  /** IP sets of one name that differ are told apart by a number. */
  #nameOf(group: ModelGroup): string {
    return this.#names.get(group) ?? group.name;
  }

  #named(element_: string, group: ModelGroup): XmlElement {
    const kind = group.kind === 'group' ? 'SecurityGroup' : 'IPSet';
    const name = group.kind === 'group' ? group.name : this.#nameOf(group);
    return element(element_, [
      element('name', name),
      element('value', this.#idOf(kind, name)),
      element('type', kind),
    ]);
  }

  #idOf(kind: NeededObject['kind'], name: string): string {
    const id = this.#ids.get(`${kind} ${name}`);
    if (id !== undefined) return id;
    this.#missing.add(`${kind} ${name}`);
    return `${kind}:${name}`;
  }

  /** Says which ids are missing. */
  warnAboutMissing(): void {
    if (this.isComplete) return;
    const [first = ''] = this.#missing;
    this.#report.warn(
      `${this.#missing.size} objects have no id yet, ${quote(first)} among them. Load the IP sets, import the manager's answer into this project, and export again: once for the security groups, once for the sections.`,
    );
  }
}

/** One body a line, for a loop that posts each. */
export function bodyLines(objects: readonly NeededObject[]): string {
  return objects.map(({ body }) => `${xmlLine(body)}\n`).join('');
}
