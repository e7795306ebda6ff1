import type { ImportProblem } from '../../../../shared/domain/imported.ts';
import type { DefaultRule } from '../../../../shared/domain/ruleset.ts';
import { parseAddressRange } from '../../../../shared/net/address.ts';
import { formatService, parseService, protocolName } from '../../../../shared/net/service.ts';
import type {
  ReadEnd,
  ReadGroup,
  ReadPolicy,
  ReadRule,
  ReadRuleset,
  ReadService,
} from './read-ruleset.ts';
import { conditionsOf } from './nsx-v-conditions.ts';
import { childOf, childrenOf, textOf, type XmlNode } from './xml.ts';

const OWN = 'Written by Segwright';

const CONTAINERS = [
  'firewallConfiguration',
  'firewallDraft',
  'config',
  'layer3Sections',
  'list',
  'ipsets',
  'securitygroups',
  'applications',
  'applicationGroups',
];

function keysOf(id: string, kind: string, name: string): readonly string[] {
  return [id, `${kind}:${name}`].filter((key) => key !== '');
}

class Reader {
  readonly groups: ReadGroup[] = [];
  readonly services: ReadService[] = [];
  readonly policies: ReadPolicy[] = [];
  readonly problems: ImportProblem[] = [];
  defaultRule: DefaultRule | undefined;
  readonly #groupKeys = new Set<string>();

  node(node: XmlNode): void {
    if (CONTAINERS.includes(node.name)) for (const child of node.children) this.node(child);
    else if (node.name === 'section') this.#section(node);
    else if (node.name === 'ipset') this.#ipSet(node);
    else if (node.name === 'securitygroup') this.#securityGroup(node);
    else if (node.name === 'application') this.#application(node);
    else if (node.name === 'applicationGroup') this.#applicationGroup(node);
  }

  #warn(message: string, rule: string | null = null): void {
    this.problems.push({ severity: 'warning', rule, message });
  }

  #error(message: string, rule: string | null = null): void {
    this.problems.push({ severity: 'error', rule, message });
  }

  #take(group: ReadGroup): void {
    this.groups.push(group);
    for (const key of group.keys) this.#groupKeys.add(key);
  }

  #ipSet(node: XmlNode): void {
    const name = textOf(node, 'name');
    const id = textOf(node, 'objectId');
    const texts = textOf(node, 'value')
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const addresses = texts.filter((text) => parseAddressRange(text) !== undefined);
    this.#take({
      name,
      id: id === '' ? name : id,
      keys: keysOf(id, 'IPSet', name),
      path: null,
      addresses,
      inside: [],
      conditions: [],
      unresolved: addresses.length < texts.length,
      isSecurityGroup: false,
    });
  }

  #securityGroup(node: XmlNode): void {
    const name = textOf(node, 'name');
    const id = textOf(node, 'objectId');
    const members = childrenOf(node, 'member').map((member) => textOf(member, 'objectId'));
    const isGroup = (key: string) =>
      /^(?:ipset|securitygroup)-\d+$|^(?:IPSet|SecurityGroup):/.test(key);
    const { lists, isWhole } = conditionsOf(node);
    const isOwn = textOf(node, 'description') === OWN;
    const others = members.filter((key) => !isGroup(key));
    this.#take({
      name,
      id: id === '' ? name : id,
      keys: keysOf(id, 'SecurityGroup', name),
      path: null,
      addresses: [],
      inside: members.filter(isGroup),
      conditions: isOwn ? [] : lists,
      unresolved: !isWhole || others.length > 0 || childrenOf(node, 'excludeMember').length > 0,
      isSecurityGroup: true,
    });
  }

  #serviceText(protocolText: string, ports: string, sources: string): string | undefined {
    const port = ports === '' ? '' : `/${ports.replaceAll(' ', '')}`;
    const source = sources === '' ? '' : ` from ${sources.replaceAll(' ', '')}`;
    const service = parseService(protocolText + port + source);
    return service === undefined ? undefined : formatService(service);
  }

  #application(node: XmlNode): void {
    const name = textOf(node, 'name');
    const id = textOf(node, 'objectId');
    const services = childrenOf(node, 'element').flatMap((each) => {
      const protocol = textOf(each, 'applicationProtocol');
      const known = { FTP: 'TCP', ORACLE_TNS: 'TCP', MS_RPC_TCP: 'TCP', SUN_RPC_TCP: 'TCP' };
      const real = Object.entries(known).find(([key]) => key === protocol)?.[1] ?? protocol;
      const value = /^[a-z]/i.test(textOf(each, 'value')) ? '' : textOf(each, 'value');
      const text = this.#serviceText(real, value, textOf(each, 'sourcePort'));
      if (text === undefined)
        this.#warn(`Service "${name}" has an element (${protocol}) that cannot be said here.`);
      return text ?? `${name}: ${protocol}`;
    });
    this.services.push({
      name,
      id: id === '' ? name : id,
      keys: keysOf(id, 'Application', name),
      path: null,
      services,
      inside: [],
    });
  }

  #applicationGroup(node: XmlNode): void {
    const name = textOf(node, 'name');
    const id = textOf(node, 'objectId');
    const inside = childrenOf(node, 'member').map((member) => textOf(member, 'objectId'));
    const keys = keysOf(id, 'ApplicationGroup', name);
    this.services.push({ name, id, keys, path: null, services: [], inside });
  }

  #end(node: XmlNode): ReadEnd {
    const type = textOf(node, 'type');
    const value = textOf(node, 'value');
    if (type === 'Ipv4Address' || type === 'Ipv6Address') return { kind: 'address', text: value };
    const name = textOf(node, 'name');
    const hasId = this.#groupKeys.has(value);
    const key = hasId || name === '' ? value : `${type}:${name}`;
    const isKnown = this.#groupKeys.has(key);
    return { kind: 'key', key: isKnown ? key : value, name: name === '' ? value : name };
  }

  #ends(rule: XmlNode, list: string, item: string): readonly ReadEnd[] {
    return childrenOf(childOf(rule, list), item).map((each) => this.#end(each));
  }

  #rule(node: XmlNode, section: string, at: number): ReadRule {
    const id = node.attributes['id'] ?? '';
    const name = textOf(node, 'name');
    const key = id === '' || id === '0' ? `${section} ${at + 1}` : id;
    const services: string[] = [];
    const serviceKeys: string[] = [];
    for (const each of childrenOf(childOf(node, 'services'), 'service')) {
      const value = textOf(each, 'value');
      if (value !== '') {
        serviceKeys.push(value);
        continue;
      }
      const number = Number(textOf(each, 'protocol') || NaN);
      const isIcmp = number === 1 || number === 58;
      const ports = isIcmp ? textOf(each, 'subProtocol') : textOf(each, 'destinationPort');
      const text = Number.isNaN(number)
        ? undefined
        : this.#serviceText(protocolName(number), ports, textOf(each, 'sourcePort'));
      if (text === undefined)
        this.#error(
          `Rule "${name}" has a service that cannot be said here, and matches less than it should.`,
          key,
        );
      services.push(text ?? 'a service that cannot be said');
    }
    const direction = textOf(node, 'direction').toLowerCase();
    const packets = textOf(node, 'packetType').toLowerCase();
    const action = textOf(node, 'action').toLowerCase();
    const applied = childrenOf(childOf(node, 'appliedToList'), 'appliedTo');
    const isNegated = (list: string) => childOf(node, list)?.attributes['excluded'] === 'true';
    return {
      id: key,
      path: null,
      name,
      sequence: at,
      sources: this.#ends(node, 'sources', 'source'),
      destinations: this.#ends(node, 'destinations', 'destination'),
      ...(isNegated('sources') ? { sourcesNegated: true } : {}),
      ...(isNegated('destinations') ? { destinationsNegated: true } : {}),
      services,
      serviceKeys,
      appliedTo: applied
        .filter((each) => textOf(each, 'type') !== 'DISTRIBUTED_FIREWALL')
        .map((each) => this.#end(each)),
      action: action === 'allow' ? 'ALLOW' : action === 'reject' ? 'REJECT' : 'DROP',
      direction: direction === 'in' ? 'IN' : direction === 'out' ? 'OUT' : 'IN_OUT',
      ipVersion: packets === 'ipv4' ? 'IPV4' : packets === 'ipv6' ? 'IPV6' : 'IPV4_IPV6',
      logged: node.attributes['logged'] === 'true',
      tag: textOf(node, 'tag'),
      notes: textOf(node, 'notes'),
      disabled: node.attributes['disabled'] === 'true',
      ...(/^[1-9]\d{0,9}$/.test(id) ? { logId: Number(id) } : {}),
    };
  }

  #section(node: XmlNode): void {
    const name = node.attributes['name'] ?? '';
    const type = node.attributes['type'] ?? 'LAYER3';
    if (type !== 'LAYER3') {
      this.#warn(`Section "${name}" is of type ${type} and is left out.`);
      return;
    }
    if (node.attributes['managedBy'] !== undefined)
      this.#warn(
        `Section "${name}" belongs to Service Composer: read it, and never send it back changed.`,
      );
    const id = node.attributes['id'] ?? '';
    const kept: ReadRule[] = [];
    childrenOf(node, 'rule').forEach((each, at) => {
      const rule = this.#rule(each, name, at);
      if (textOf(each, 'precedence') === 'default') {
        const { action, logged, logId } = rule;
        this.defaultRule = logId === undefined ? { action, logged } : { action, logged, logId };
      } else kept.push(rule);
    });
    if (kept.length === 0) return;
    const sequence = this.policies.length;
    this.policies.push({
      id: id === '' ? name : id,
      path: null,
      name: name === '' ? id : name,
      category: 'Application',
      sequence,
      version: node.attributes['generationNumber'] ?? null,
      appliedTo: [],
      rules: kept,
    });
  }
}

/** The order in which documents are read: sections name the objects of the others. */
function rank({ name }: XmlNode): number {
  return ['section', 'firewallConfiguration', 'firewallDraft'].includes(name) ? 1 : 0;
}

/** Whether a root element is one of NSX-v. */
export function isNsxV({ name }: XmlNode): boolean {
  return (
    CONTAINERS.includes(name) ||
    ['section', 'ipset', 'securitygroup', 'application', 'applicationGroup'].includes(name)
  );
}

/** Reads firewall configurations, sections and saved drafts of NSX-v with the objects they name, in any order. */
export function readNsxV(roots: readonly XmlNode[]): ReadRuleset {
  const reader = new Reader();
  for (const root of roots.toSorted((a, b) => rank(a) - rank(b))) reader.node(root);
  const { groups, services, policies, problems, defaultRule } = reader;
  return { format: 'nsx-v', groups, services, policies, problems, defaultRule };
}
