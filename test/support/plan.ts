import { readHcl, type HclBody, type HclRead } from './hcl.ts';

/** What a plan tells of a body: what is known, what is not, and how it was written. */
interface Split {
  readonly values: Record<string, unknown>;
  readonly unknown: Record<string, unknown>;
  readonly expressions: Record<string, unknown>;
}

function referenceIn(value: HclRead): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const { reference } = value as { readonly reference?: unknown };
  return typeof reference === 'string' ? reference : undefined;
}

function referencesIn(value: HclRead): readonly string[] {
  const own = referenceIn(value);
  if (own !== undefined) return [own, own.slice(0, own.lastIndexOf('.'))];
  return Array.isArray(value) ? (value as readonly HclRead[]).flatMap(referencesIn) : [];
}

function isBlocks(value: HclRead): value is readonly HclBody[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    (value as readonly HclRead[]).every(
      (each) => typeof each === 'object' && !Array.isArray(each) && referenceIn(each) === undefined,
    )
  );
}

function split(body: HclBody, known: ReadonlyMap<string, string>): Split {
  const values: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  const expressions: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(body)) {
    if (field === 'labels' || field === 'lifecycle') continue;
    if (isBlocks(value)) {
      const blocks = value.map((each) => split(each, known));
      values[field] = blocks.map((each) => each.values);
      unknown[field] = blocks.map((each) => each.unknown);
      expressions[field] = blocks.map((each) => each.expressions);
      continue;
    }
    const references = referencesIn(value);
    const isOpen = references.some((each) => each.endsWith('.path') && !known.has(each));
    expressions[field] = references.length === 0 ? { constant_value: value } : { references };
    if (isOpen) unknown[field] = true;
    else values[field] = references.length === 0 ? value : resolved(value, known);
  }
  return { values, unknown, expressions };
}

function resolved(value: HclRead, known: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value))
    return (value as readonly HclRead[]).map((each) => resolved(each, known));
  const reference = referenceIn(value);
  return reference === undefined ? value : known.get(reference);
}

/**
 * The plan `terraform show -json` prints before anything was applied: the paths of the resources to
 * make are not known, those of data sources are.
 * Shape: https://developer.hashicorp.com/terraform/internals/json-format
 */
export function planOf(text: string): unknown {
  const document = readHcl(text);
  const bodies = (document['resource'] ?? []) as readonly HclBody[];
  const sources = ((document['data'] ?? []) as readonly HclBody[]).map((each) => {
    const [type = '', name = ''] = each['labels'] as readonly string[];
    const shown = each['display_name'];
    const id = (typeof shown === 'string' ? shown : '').replaceAll(' ', '_').replaceAll('/', '-');
    return { address: `data.${type}.${name}`, type, values: { path: `/infra/services/${id}` } };
  });
  const known = new Map(sources.map(({ address, values }) => [`${address}.path`, values.path]));
  const resources = bodies.map((body) => {
    const [type = '', name = ''] = body['labels'] as readonly string[];
    return { address: `${type}.${name}`, type, name, ...split(body, known) };
  });
  return {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: resources.map(({ address, type, name, values }) => {
          return { address, mode: 'managed', type, name, values };
        }),
      },
    },
    resource_changes: resources.map(({ address, type, unknown }) => {
      return {
        address,
        type,
        change: { actions: ['create'], after_unknown: { id: true, path: true, ...unknown } },
      };
    }),
    prior_state: { values: { root_module: { resources: sources } } },
    configuration: {
      root_module: {
        resources: resources.map(({ address, type, name, expressions }) => {
          return { address, type, name, expressions };
        }),
      },
    },
  };
}
