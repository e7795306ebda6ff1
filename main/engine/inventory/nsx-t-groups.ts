import { Failure } from '../../../shared/failure/failure.ts';
import { ContentBuilder } from './content.ts';

type Json = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 100;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value['results']) ? value['results'] : [];
}

/** Whether a key is one under which scripts keep what `members/ip-addresses` and its like answer. */
function isAddressKey(key: string): boolean {
  return /ip_?addresses$|effective_?ips?$/.test(key.toLowerCase().replaceAll('-', '_'));
}

interface Found {
  readonly groups: Json[];
  /** Effective members by the group's path or id, where they stand beside the groups. */
  readonly members: Map<string, Json>;
  readonly machines: Map<string, string>;
  readonly interfaces: Json[];
  isPaged: boolean;
}

/** Gathers groups, virtual machines and their interfaces, wherever they stand in the document. */
function gather(value: unknown, found: Found, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const item of value) gather(item, found, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  if (typeof value['cursor'] === 'string' && Array.isArray(value['results'])) found.isPaged = true;
  const type = text(value['resource_type']);
  const isGroup = type === 'Group' || (type === '' && Array.isArray(value['expression']));
  if (isGroup) found.groups.push(value);
  const id = text(value['external_id']);
  const name = text(value['display_name']);
  if (isInterface(value)) found.interfaces.push(value);
  else if (id !== '' && name !== '') found.machines.set(id, name);
  if (isObject(value['members']) && !isGroup) {
    for (const [key, members] of Object.entries(value['members'])) {
      if (isObject(members)) found.members.set(key, members);
    }
  }
  for (const child of Object.values(value)) gather(child, found, depth + 1);
}

function isInterface(value: Json): boolean {
  return Array.isArray(value['ip_address_info']) && typeof value['owner_vm_id'] === 'string';
}

function interfaceAddresses(value: Json): readonly string[] {
  return listOf(value['ip_address_info'])
    .filter(isObject)
    .flatMap((info) => listOf(info['ip_addresses']).map(text))
    .filter((address) => address !== '');
}

/** What is written about a group: addresses, virtual machines, interfaces, and paths of groups inside it. */
class GroupReader {
  readonly addresses: string[] = [];
  readonly machines = new Set<string>();
  readonly paths: string[] = [];
  /** Whether effective members were given, so that what is nested need not be looked up. */
  isEffective = false;
  hasOnlyAddresses = true;

  read(group: Json, beside: Json | undefined): void {
    for (const part of listOf(group['expression']).filter(isObject)) this.#expression(part);
    for (const [key, value] of Object.entries(group)) {
      if (key !== 'expression' && key !== 'extended_expression') this.#members(key, value, 0);
    }
    for (const [key, value] of Object.entries(beside ?? {})) this.#members(key, value, 0);
  }

  #expression(part: Json): void {
    const type = text(part['resource_type']);
    if (type === 'IPAddressExpression')
      this.addresses.push(...listOf(part['ip_addresses']).map(text));
    else if (type === 'PathExpression') {
      this.paths.push(...listOf(part['paths']).map(text));
      this.hasOnlyAddresses = false;
    } else if (type !== 'ConjunctionOperator') this.hasOnlyAddresses = false;
  }

  #members(key: string, value: unknown, depth: number): void {
    const isHolder = /members$/.test(key) && isObject(value) && !Array.isArray(value['results']);
    if (isHolder && depth < 3) {
      for (const [inner, held] of Object.entries(value)) this.#members(inner, held, depth + 1);
      return;
    }
    const items = listOf(value);
    if (isAddressKey(key)) {
      this.isEffective = true;
      for (const item of items) this.#address(item);
      return;
    }
    for (const item of items.filter(isObject)) {
      if (isInterface(item)) this.addresses.push(...interfaceAddresses(item));
      else if (/machines?$|vms$/.test(key)) this.machines.add(text(item['display_name']));
      else continue;
      this.isEffective = true;
    }
  }

  /** A plain address, or a site's `EffectiveIPInfo` with `effective_ips`. */
  #address(item: unknown): void {
    if (typeof item === 'string') this.addresses.push(item);
    else if (isObject(item)) this.addresses.push(...listOf(item['effective_ips']).map(text));
  }
}

/**
 * Reads groups of the NSX Policy API: answers of `GET …/groups` or a hierarchical `Infra` tree, with
 * effective members as `members/ip-addresses`, `members/virtual-machines`, `members/vifs` and
 * `members/consolidated-effective-ip-addresses` answer them, inside each group or in an object
 * `members` by the group's path or id. Addresses of virtual machines come from their interfaces.
 *
 * @throws Failure `inventory-unreadable` where it holds neither groups nor virtual machines
 */
export function readNsxtGroups(
  source: string,
  file: string,
): ContentBuilder & { isPaged?: boolean } {
  const document = parseJson(source, file);
  const found: Found = {
    groups: [],
    members: new Map(),
    machines: new Map(),
    interfaces: [],
    isPaged: false,
  };
  gather(document, found, 0);
  if (found.groups.length === 0 && found.interfaces.length === 0) {
    const problem = 'it holds no group and no virtual machine with addresses';
    throw new Failure('inventory-unreadable', { path: file, problem });
  }
  const builder = new ContentBuilder();
  for (const each of found.interfaces) {
    const name = found.machines.get(text(each['owner_vm_id'])) ?? '';
    for (const raw of interfaceAddresses(each)) {
      for (const address of builder.addresses(raw)) builder.name(address, name);
    }
  }
  storeGroups(found, builder);
  return Object.assign(builder, { isPaged: found.isPaged });
}

function parseJson(source: string, file: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch (thrown) {
    throw new Failure(
      'inventory-unreadable',
      { path: file, problem: 'it is no valid JSON' },
      thrown,
    );
  }
}

function storeGroups(found: Found, builder: ContentBuilder): void {
  const readers = new Map<string, GroupReader>();
  const read = found.groups.map((group) => {
    const keys = [text(group['path']), text(group['id'])].filter((key) => key !== '');
    const reader = new GroupReader();
    const beside = keys.map((key) => found.members.get(key)).find((each) => each !== undefined);
    reader.read(group, beside);
    for (const key of keys) readers.set(key, reader);
    return { name: text(group['display_name']) || text(group['id']), reader };
  });
  const inner = (path: string) => readers.get(path) ?? readers.get(path.split('/').at(-1) ?? '');
  for (const { name, reader } of read) {
    if (name === '') continue;
    const all = new Set([reader]);
    if (!reader.isEffective) {
      for (const each of all) {
        for (const path of each.paths) {
          const next = inner(path);
          if (next !== undefined) all.add(next);
        }
      }
    }
    const isAddresses =
      reader.hasOnlyAddresses && reader.machines.size === 0 && reader.addresses.length > 0;
    const set = builder.set(isAddresses && !reader.isEffective ? 'ip-set' : 'group', name);
    for (const each of all) {
      for (const address of each.addresses) builder.member(set, address);
      for (const machine of each.machines) if (machine !== '') set.machines.add(machine);
    }
  }
}
