/**
 * The objects of the NSX Policy API a document is made of, with the fields written here.
 * Names and values are those of the API's `Infra` tree.
 */

/** What an address or a tag has to be to belong to a group. */
export type NsxExpression =
  | {
      readonly resource_type: 'Condition';
      readonly member_type: 'VirtualMachine';
      readonly key: 'Tag';
      readonly operator: 'EQUALS';
      readonly value: string;
    }
  | { readonly resource_type: 'ConjunctionOperator'; readonly conjunction_operator: 'OR' }
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

/** One line of a service. */
export type NsxServiceEntry =
  | {
      readonly resource_type: 'L4PortSetServiceEntry';
      readonly id: string;
      readonly display_name: string;
      readonly l4_protocol: 'TCP' | 'UDP';
      readonly destination_ports?: readonly string[];
    }
  | {
      readonly resource_type: 'ICMPTypeServiceEntry';
      readonly id: string;
      readonly display_name: string;
      readonly protocol: 'ICMPv4' | 'ICMPv6';
    }
  | {
      readonly resource_type: 'IGMPTypeServiceEntry';
      readonly id: string;
      readonly display_name: string;
    }
  | {
      readonly resource_type: 'IPProtocolServiceEntry';
      readonly id: string;
      readonly display_name: string;
      readonly protocol_number: number;
    };

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
  readonly sources_excluded: false;
  readonly destinations_excluded: false;
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
