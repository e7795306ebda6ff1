import type { GroupCondition } from '../../../../shared/domain/imported.ts';
import { IdRegister } from '../model/ids.ts';
import type { NsxExpression, NsxGroup, NsxService } from '../nsx-t/objects.ts';
import { attribute, block, type HclBlock, type HclItem, type HclValue } from './hcl.ts';

/** What stands in HCL as it is. */
export const reference = (text: string) => ({ reference: text });

/** A name of a resource: letters, digits and `_`, not a digit first; the same every time. */
function resourceName(id: string): string {
  const safe = id
    .replace(/^segwright-/, '')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .toLowerCase();
  return /^[a-z_]/.test(safe) ? safe : `_${safe}`;
}

/** The references that stand in the place of paths. */
export class References {
  readonly #of = new Map<string, string>();
  readonly #names = new Map<string, IdRegister>();

  /** Gives a path the name of a resource or data source. */
  add(path: string, prefix: string, id: string): string {
    const register = this.#names.get(prefix) ?? new IdRegister();
    this.#names.set(prefix, register);
    const name = register.take(resourceName(id)).replaceAll('-', '_');
    this.#of.set(path, `${prefix}.${name}.path`);
    return name;
  }

  list(paths: readonly string[]): HclValue {
    return paths.map((path) => {
      const known = this.#of.get(path);
      return known === undefined ? path : reference(known);
    });
  }
}

/** A service as a resource. */
export function serviceBlock(service: NsxService, name: string, references: References): HclBlock {
  const entries = service.service_entries.map((entry): HclBlock => {
    const named = attribute('display_name', entry.display_name);
    switch (entry.resource_type) {
      case 'L4PortSetServiceEntry': {
        const list = (key: string, ports: readonly string[] | undefined): readonly HclItem[] =>
          ports === undefined ? [] : [attribute(key, ports)];
        return block('l4_port_set_entry', [
          named,
          attribute('protocol', entry.l4_protocol),
          ...list('destination_ports', entry.destination_ports),
          ...list('source_ports', entry.source_ports),
        ]);
      }
      case 'ICMPTypeServiceEntry':
        return block('icmp_entry', [
          named,
          attribute('protocol', entry.protocol),
          ...(entry.icmp_type === undefined
            ? []
            : [attribute('icmp_type', String(entry.icmp_type))]),
          ...(entry.icmp_code === undefined
            ? []
            : [attribute('icmp_code', String(entry.icmp_code))]),
        ]);
      case 'IGMPTypeServiceEntry':
        return block('igmp_entry', [named]);
      case 'IPProtocolServiceEntry':
        return block('ip_protocol_entry', [named, attribute('protocol', entry.protocol_number)]);
      case 'NestedServiceServiceEntry': {
        const [path] = references.list([entry.nested_service_path]) as readonly HclValue[];
        return block('nested_service_entry', [
          named,
          attribute('nested_service_path', path ?? entry.nested_service_path),
        ]);
      }
    }
  });
  return block(
    'resource',
    [attribute('nsx_id', service.id), attribute('display_name', service.display_name), ...entries],
    ['nsxt_policy_service', name],
  );
}

function conditionBlock({ member, key, operator, value }: GroupCondition): HclBlock {
  return block('condition', [
    attribute('member_type', member),
    attribute('key', key),
    attribute('operator', operator),
    attribute('value', value),
  ]);
}

function criteriaOf(expression: NsxExpression, references: References): readonly HclItem[] {
  switch (expression.resource_type) {
    case 'ConjunctionOperator':
      return [];
    case 'Condition': {
      const { member_type: member, key, operator, value } = expression;
      return [conditionBlock({ member, key, operator, value })];
    }
    case 'NestedExpression':
      return expression.expressions.flatMap((each) => criteriaOf(each, references));
    case 'IPAddressExpression':
      return [block('ipaddress_expression', [attribute('ip_addresses', expression.ip_addresses)])];
    case 'PathExpression':
      return [
        block('path_expression', [attribute('member_paths', references.list(expression.paths))]),
      ];
  }
}

/** A group as a resource. */
export function groupBlock(group: NsxGroup, name: string, references: References): HclBlock {
  const criteria = group.expression.map((each) =>
    each.resource_type === 'ConjunctionOperator'
      ? block('conjunction', [attribute('operator', each.conjunction_operator)])
      : block('criteria', criteriaOf(each, references)),
  );
  return block(
    'resource',
    [
      attribute('nsx_id', group.id),
      attribute('display_name', group.display_name),
      attribute('description', group.description),
      ...criteria,
      block('lifecycle', [attribute('create_before_destroy', true)]),
    ],
    ['nsxt_policy_group', name],
  );
}
