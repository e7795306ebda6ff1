/**
 * The objects of the NSX Policy API a document is made of, with the fields written here.
 * Names and values are those of the API's `Infra` tree.
 */

/** What a machine must be to belong to a group. */
export interface NsxCondition {
  readonly resource_type: 'Condition';
  readonly member_type: string;
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

/** What stands between two expressions. */
export interface NsxConjunction {
  readonly resource_type: 'ConjunctionOperator';
  readonly conjunction_operator: 'AND' | 'OR';
}

/** What an address or a machine has to be to belong to a group. */
export type NsxExpression =
  | NsxCondition
  | NsxConjunction
  | {
      readonly resource_type: 'NestedExpression';
      readonly expressions: readonly (NsxCondition | NsxConjunction)[];
    }
  | { readonly resource_type: 'IPAddressExpression'; readonly ip_addresses: readonly string[] }
  | { readonly resource_type: 'PathExpression'; readonly paths: readonly string[] };

/** A group: a security group, an IP set, or a part of one. */
export interface NsxGroup {
  readonly resource_type: 'Group';
  readonly id: string;
  readonly display_name: string;
  readonly description: string;
  readonly expression: readonly NsxExpression[];
}

interface EntryName {
  readonly id: string;
  readonly display_name: string;
}

/** One line of a service. */
export type NsxServiceEntry =
  | (EntryName & {
      readonly resource_type: 'L4PortSetServiceEntry';
      readonly l4_protocol: 'TCP' | 'UDP';
      readonly destination_ports?: readonly string[];
      readonly source_ports?: readonly string[];
    })
  | (EntryName & {
      readonly resource_type: 'ICMPTypeServiceEntry';
      readonly protocol: 'ICMPv4' | 'ICMPv6';
      readonly icmp_type?: number;
      readonly icmp_code?: number;
    })
  | (EntryName & { readonly resource_type: 'IGMPTypeServiceEntry' })
  | (EntryName & {
      readonly resource_type: 'IPProtocolServiceEntry';
      readonly protocol_number: number;
    })
  | (EntryName & {
      readonly resource_type: 'NestedServiceServiceEntry';
      readonly nested_service_path: string;
    });

/** A service. */
export interface NsxService {
  readonly resource_type: 'Service';
  readonly id: string;
  readonly display_name: string;
  readonly service_entries: readonly NsxServiceEntry[];
}

/** A rule, every field said. */
export interface NsxRule {
  readonly resource_type: 'Rule';
  readonly id: string;
  readonly display_name: string;
  readonly sequence_number: number;
  readonly source_groups: readonly string[];
  readonly destination_groups: readonly string[];
  readonly sources_excluded: boolean;
  readonly destinations_excluded: boolean;
  readonly services: readonly string[];
  readonly profiles: readonly ['ANY'];
  readonly scope: readonly string[];
  readonly action: 'ALLOW' | 'DROP' | 'REJECT';
  readonly direction: 'IN' | 'OUT' | 'IN_OUT';
  readonly ip_protocol: 'IPV4' | 'IPV6' | 'IPV4_IPV6';
  readonly logged: boolean;
  readonly tag: string;
  readonly notes: string;
  readonly disabled: boolean;
}

/** A policy with its rules. Its scope is ANY, since a policy's scope would override its rules'. */
export interface NsxPolicy {
  readonly resource_type: 'SecurityPolicy';
  readonly id: string;
  readonly display_name: string;
  readonly category: string;
  readonly sequence_number: number;
  readonly stateful: true;
  readonly tcp_strict: true;
  readonly scope: readonly ['ANY'];
  readonly rules: readonly NsxRule[];
}

/** A node of the tree: a wrapper around an object, or a reference to one the manager has. */
export type NsxChild =
  | {
      readonly resource_type: 'ChildService';
      readonly marked_for_delete?: true;
      readonly Service: NsxService | Bare<'Service'>;
    }
  | {
      readonly resource_type: 'ChildGroup';
      readonly marked_for_delete?: true;
      readonly Group: NsxGroup | Bare<'Group'>;
    }
  | {
      readonly resource_type: 'ChildSecurityPolicy';
      readonly marked_for_delete?: true;
      readonly SecurityPolicy: NsxPolicy | Bare<'SecurityPolicy'>;
    }
  | {
      readonly resource_type: 'ChildRule';
      readonly marked_for_delete?: true;
      readonly Rule: NsxRule | Bare<'Rule'>;
    }
  | {
      readonly resource_type: 'ChildResourceReference';
      readonly id: string;
      readonly target_type: 'Domain' | 'SecurityPolicy';
      readonly children: readonly NsxChild[];
    };

/** An object by its id alone, for what is to be deleted. */
export interface Bare<Type extends string> {
  readonly resource_type: Type;
  readonly id: string;
}

/** The body of one hierarchical call. */
export interface NsxTree {
  readonly resource_type: 'Infra';
  readonly children: readonly NsxChild[];
}
