import * as v from 'valibot';
import type { ExportTarget } from '../../../../shared/domain/export.ts';
import { parseAddressRange } from '../../../../shared/net/address.ts';
import { NSX_LIMITS } from './limits.ts';

/** A port, or a range of at least two: managers refuse `443-443`. */
function isPortOrRange(text: string): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return false;
  const first = Number(match[1]);
  const last = match[2] === undefined ? undefined : Number(match[2]);
  return first <= 65_535 && (last === undefined || (last <= 65_535 && first < last));
}

const id = v.pipe(
  v.string(),
  v.regex(
    /^(?=.*[A-Za-z0-9_])[A-Za-z0-9_.-]{1,255}$/,
    'an id is 1 to 255 of A-Z a-z 0-9 _ . -, and not only dots',
  ),
);
const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most * 2),
    v.check((value) => Array.from(value).length <= most, `it is longer than ${most} characters`),
  );
const named = {
  id,
  display_name: v.optional(text(NSX_LIMITS.displayName)),
  description: v.optional(text(NSX_LIMITS.description)),
};
const list = <T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(
    v.array(item),
    v.minLength(1, 'the list is empty; ANY alone says any'),
    v.maxLength(most, `the list has more than ${most} items`),
  );
const path = v.pipe(v.string(), v.minLength(1));
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const ports = v.optional(
  list(v.pipe(v.string(), v.check(isPortOrRange, 'it is no port and no range of ports')), 15),
);

const L4 = v.strictObject({
  resource_type: v.literal('L4PortSetServiceEntry'),
  ...named,
  l4_protocol: v.picklist(['TCP', 'UDP']),
  destination_ports: ports,
  source_ports: ports,
});
const icmp = v.strictObject({
  resource_type: v.literal('ICMPTypeServiceEntry'),
  ...named,
  protocol: v.picklist(['ICMPv4', 'ICMPv6']),
  icmp_type: v.optional(byte),
  icmp_code: v.optional(byte),
});
const igmp = v.strictObject({ resource_type: v.literal('IGMPTypeServiceEntry'), ...named });
const ip = v.strictObject({
  resource_type: v.literal('IPProtocolServiceEntry'),
  ...named,
  protocol_number: byte,
});
const nestedService = v.strictObject({
  resource_type: v.literal('NestedServiceServiceEntry'),
  ...named,
  nested_service_path: path,
});
const alg = v.strictObject({
  resource_type: v.literal('ALGTypeServiceEntry'),
  ...named,
  alg: v.string(),
  destination_ports: v.pipe(v.array(v.string()), v.length(1)),
  source_ports: ports,
});

/** An entry inside a rule has no id of its own. */
const inlineEntry = v.variant('resource_type', [
  v.strictObject({ ...L4.entries, id: v.optional(id) }),
  v.strictObject({ ...icmp.entries, id: v.optional(id) }),
  v.strictObject({ ...igmp.entries, id: v.optional(id) }),
  v.strictObject({ ...ip.entries, id: v.optional(id) }),
]);

const service = v.strictObject({
  resource_type: v.literal('Service'),
  ...named,
  service_entries: list(
    v.variant('resource_type', [L4, icmp, igmp, ip, nestedService, alg]),
    NSX_LIMITS.entriesPerService,
  ),
});

const condition = v.strictObject({
  resource_type: v.literal('Condition'),
  member_type: v.pipe(v.string(), v.minLength(1)),
  key: v.pipe(v.string(), v.minLength(1)),
  operator: v.pipe(v.string(), v.minLength(1)),
  value: v.string(),
});
const conjunction = v.strictObject({
  resource_type: v.literal('ConjunctionOperator'),
  conjunction_operator: v.picklist(['AND', 'OR']),
});

function expression(target: ExportTarget) {
  const most = target === '3' ? 4_000 : 25_000;
  return v.variant('resource_type', [
    condition,
    conjunction,
    v.strictObject({
      resource_type: v.literal('NestedExpression'),
      expressions: v.array(v.variant('resource_type', [condition, conjunction])),
    }),
    v.strictObject({
      resource_type: v.literal('IPAddressExpression'),
      ip_addresses: list(
        v.pipe(
          v.string(),
          v.check(
            (value) => !/\s/.test(value) && parseAddressRange(value) !== undefined,
            'it is no address, block or range',
          ),
        ),
        most,
      ),
    }),
    v.strictObject({ resource_type: v.literal('PathExpression'), paths: list(path, 100_000) }),
    v.strictObject({
      resource_type: v.literal('ExternalIDExpression'),
      member_type: v.picklist([
        'VirtualMachine',
        'VirtualNetworkInterface',
        'CloudNativeServiceInstance',
        'PhysicalServer',
      ]),
      external_ids: list(v.string(), 100_000),
    }),
  ]);
}

const tags = v.optional(
  v.pipe(
    v.array(
      v.strictObject({
        scope: v.pipe(v.string(), v.maxLength(128)),
        tag: v.pipe(v.string(), v.maxLength(NSX_LIMITS.tagValue)),
      }),
    ),
    v.maxLength(30),
  ),
);

const rule = v.strictObject({
  resource_type: v.literal('Rule'),
  ...named,
  sequence_number: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
  source_groups: list(path, NSX_LIMITS.listItems),
  destination_groups: list(path, NSX_LIMITS.listItems),
  sources_excluded: v.optional(v.boolean()),
  destinations_excluded: v.optional(v.boolean()),
  services: list(path, NSX_LIMITS.listItems),
  service_entries: v.optional(list(inlineEntry, NSX_LIMITS.listItems)),
  profiles: v.optional(list(path, NSX_LIMITS.listItems)),
  scope: list(path, NSX_LIMITS.listItems),
  action: v.picklist(['ALLOW', 'DROP', 'REJECT', 'JUMP_TO_APPLICATION']),
  direction: v.picklist(['IN', 'OUT', 'IN_OUT']),
  ip_protocol: v.picklist(['IPV4', 'IPV6', 'IPV4_IPV6']),
  logged: v.boolean(),
  tag: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9_-]{0,32}$/, 'a log label is at most 32 of A-Z a-z 0-9 _ -'),
    ),
  ),
  notes: v.optional(text(NSX_LIMITS.notes)),
  disabled: v.optional(v.boolean()),
  tags,
});

const policy = v.strictObject({
  resource_type: v.literal('SecurityPolicy'),
  ...named,
  category: v.picklist(['Emergency', 'Infrastructure', 'Environment', 'Application']),
  sequence_number: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(NSX_LIMITS.sequenceNumber),
  ),
  stateful: v.literal(true),
  tcp_strict: v.boolean(),
  scope: v.optional(list(path, NSX_LIMITS.listItems)),
  connectivity_strategy: v.optional(v.literal('NONE')),
  rules: v.pipe(v.array(rule), v.minLength(1, 'the policy has no rule')),
  tags,
});

/** An object by its id alone: only in a wrapper that is marked for deletion. */
const bare = v.strictObject({ resource_type: v.string(), id });

/** The kinds of wrapper, each with the schema of what is inside. */
export function wrapperSchemas(target: ExportTarget) {
  const group = v.strictObject({
    resource_type: v.literal('Group'),
    ...named,
    tags,
    expression: v.pipe(v.array(expression(target)), v.minLength(1, 'the group has no expression')),
  });
  return {
    ChildService: { key: 'Service', schema: service },
    ChildGroup: { key: 'Group', schema: group },
    ChildSecurityPolicy: { key: 'SecurityPolicy', schema: policy },
    ChildRule: { key: 'Rule', schema: rule },
    bare,
  } as const;
}

/** A group that passed the schema. */
export type CheckedGroup = v.InferOutput<ReturnType<typeof wrapperSchemas>['ChildGroup']['schema']>;
/** A service that passed the schema. */
export type CheckedService = v.InferOutput<typeof service>;
/** A policy that passed the schema. */
export type CheckedPolicy = v.InferOutput<typeof policy>;
/** A rule that passed the schema. */
export type CheckedRule = v.InferOutput<typeof rule>;
