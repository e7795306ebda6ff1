/**
 * What a filter may ask about. `address` means source or destination; `vantage` the one of them whose
 * vNIC logged it.
 */
export const FILTER_FIELDS = [
  'source',
  'destination',
  'address',
  'service',
  'action',
  'rule',
  'tag',
  'direction',
  'seen',
  'vantage',
  'host',
] as const;

/** One of the things a filter may ask about. */
export type FilterField = (typeof FILTER_FIELDS)[number];

/** One condition: the field has (or, when excluded, has not) one of the values. */
export interface FilterTerm {
  readonly field: FilterField;
  readonly exclude: boolean;
  /**
   * Addresses, CIDR blocks, ranges or group names for the address fields; `TCP/443`, `UDP` or
   * `TCP/8000-8010` for services; `vnic`, `perimeter`, `both` or `collector` for seen; plain values
   * otherwise.
   */
  readonly values: readonly string[];
}

/** A time window in milliseconds since 1970 UTC: `from` is inside, `to` is outside. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Which flows are asked for: all terms must hold, inside the window where one is given. */
export interface FlowFilter {
  readonly terms: readonly FilterTerm[];
  readonly window: TimeWindow | null;
}

/** The filter every flow passes. */
export const NO_FILTER: FlowFilter = { terms: [], window: null };

const FIELD_BY_WORD: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
  ...FILTER_FIELDS.map((field): [string, FilterField] => [field, field]),
  ['src', 'source'],
  ['dst', 'destination'],
  ['addr', 'address'],
  ['ip', 'address'],
  ['svc', 'service'],
  ['port', 'service'],
  ['dir', 'direction'],
  ['group', 'address'],
  ['application', 'address'],
  ['app', 'address'],
  ['protocol', 'service'],
  ['proto', 'service'],
  ['verdict', 'action'],
  ['ruleid', 'rule'],
]);

/** Words whose values say what they name. */
const PREFIX_BY_WORD: ReadonlyMap<string, string> = new Map([
  ['group', 'group:'],
  ['application', 'app:'],
  ['app', 'app:'],
]);

/** A word that can only be a service. */
const SERVICE = /^(?:\d{1,5}(?:-\d{1,5})?|(?:TCP|UDP|SCTP)\/\d{1,5}(?:-\d{1,5})?)$/i;

/** A filter text that was understood, or the sentence that says where it was not. */
export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly problem: string };

function splitWords(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function splitValues(text: string): readonly string[] {
  const values = text.match(/(?:[^|"]|"[^"]*"?)+/g) ?? [];
  return values.map((value) => value.replaceAll('"', '').trim()).filter((value) => value !== '');
}

/**
 * Reads the filter language of the filter bar and of `--where`: words `field:value`, several
 * values with `|`, a leading `-` to exclude, quotes around blanks, a bare word for an address or
 * group on either side, a bare number or `TCP/443` for a service; `!` excludes like `-`. All words must hold.
 *
 * @example parseFilter('src:SGTSWEB svc:TCP/80|TCP/443 -action:DROP')
 */
export function parseFilter(text: string): ParsedFilter {
  const terms: FilterTerm[] = [];
  for (const word of splitWords(text)) {
    const exclude = /^[-!]./.test(word);
    const body = exclude ? word.slice(1) : word;
    const match = /^([a-z]+):(.*)$/is.exec(body);
    const name = match?.[1]?.toLowerCase() ?? '';
    const field = FIELD_BY_WORD.get(name);
    if (match !== null && field === undefined && !body.slice(name.length + 1).includes(':')) {
      const known = [...FIELD_BY_WORD.keys()].join(', ');
      return { ok: false, problem: `"${name}" is no field; fields are ${known}` };
    }
    const values = splitValues(field === undefined ? body : (match?.[2] ?? ''));
    if (values.length === 0) return { ok: false, problem: `"${word}" names no value` };
    const isService = field === undefined && values.every((value) => SERVICE.test(value));
    const prefix = PREFIX_BY_WORD.get(name) ?? '';
    terms.push({
      field: field ?? (isService ? 'service' : 'address'),
      exclude,
      values: values.map((value) => (value.startsWith(prefix) ? value : `${prefix}${value}`)),
    });
  }
  return { ok: true, terms };
}

/** Writes terms in the filter language, so that {@link parseFilter} reads the same terms back. */
export function formatFilter(terms: readonly FilterTerm[]): string {
  return terms
    .map(({ field, exclude, values }) => {
      const list = values.map((value) => (/[\s|"]/.test(value) ? `"${value}"` : value));
      return `${exclude ? '-' : ''}${field}:${list.join('|')}`;
    })
    .join(' ');
}
