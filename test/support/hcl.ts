/** A body of HCL: attributes by name, and blocks by type. */
export interface HclBody {
  readonly [name: string]: HclRead;
}

/** What an attribute or a list of blocks holds. */
export type HclRead =
  string | number | boolean | readonly HclRead[] | HclBody | { readonly reference: string };

const TOKEN =
  /\s+|#[^\n]*|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[A-Za-z_][\w.-]*)|(?<number>\d+)|(?<sign>[{}[\],=])/y;

interface Token {
  readonly kind: 'text' | 'word' | 'number' | 'sign';
  readonly value: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new Error(`no HCL at ${at}: ${text.slice(at, at + 40)}`);
    for (const kind of ['text', 'word', 'number', 'sign'] as const) {
      const value = groups[kind];
      if (value !== undefined) tokens.push({ kind, value });
    }
  }
  return tokens;
}

/** A literal without its quotes; an interpolation in it is an error, since nobody wrote one. */
function literal(token: string): string {
  const inner = token.slice(1, -1);
  if (
    /(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{/.test(inner.replaceAll('$${', '').replaceAll('%%{', ''))
  )
    throw new Error(`an interpolation in ${token}`);
  if (/[\n\r]/.test(inner)) throw new Error('a line break in a literal');
  return inner
    .replaceAll('$${', '${')
    .replaceAll('%%{', '%{')
    .replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, sign: string) => {
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return { n: '\n', r: '\r', t: '\t' }[sign] ?? sign;
    });
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('the text ends too early');
    return token;
  }

  #is(value: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' && token.value === value;
  }

  #value(): HclRead {
    const { kind, value } = this.#next();
    if (kind === 'text') return literal(value);
    if (kind === 'number') return Number(value);
    if (kind === 'word')
      return value === 'true' || value === 'false' ? value === 'true' : { reference: value };
    if (value === '{') return this.body('}');
    const items: HclRead[] = [];
    while (!this.#is(']')) {
      items.push(this.#value());
      if (this.#is(',')) this.#next();
    }
    this.#next();
    return items;
  }

  body(end: '}' | null): HclBody {
    const body: Record<string, HclRead> = {};
    while (end === null ? this.#at < this.#tokens.length : !this.#is(end)) {
      const name = this.#next().value;
      if (this.#is('=')) {
        this.#next();
        body[name] = this.#value();
        continue;
      }
      const labels: string[] = [];
      while (!this.#is('{')) labels.push(literal(this.#next().value));
      this.#next();
      const inner = { ...this.body('}'), ...(labels.length === 0 ? {} : { labels }) };
      const list = (body[name] ?? []) as readonly HclRead[];
      body[name] = [...list, inner];
    }
    if (end !== null) this.#next();
    return body;
  }
}

/** Reads the part of HCL that exports write: blocks, attributes, literals, lists and references. */
export function readHcl(text: string): HclBody {
  return new Parser(text).body(null);
}

function textOf(body: HclBody, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}

/** The state Terraform would have after applying: references replaced by paths. */
export function stateOf(text: string): unknown {
  const document = readHcl(text);
  const resources = (document['resource'] ?? []) as readonly HclBody[];
  const sources = (document['data'] ?? []) as readonly HclBody[];
  const paths = new Map<string, string>();
  for (const each of sources) {
    const [type, name] = each['labels'] as readonly string[];
    const id = textOf(each, 'display_name').replaceAll(' ', '_').replaceAll('/', '-');
    paths.set(`data.${type ?? ''}.${name ?? ''}.path`, `/infra/services/${id}`);
  }
  const places: Record<string, string> = {
    nsxt_policy_service: '/infra/services/',
    nsxt_policy_group: '/infra/domains/default/groups/',
  };
  for (const each of resources) {
    const [type = '', name = ''] = each['labels'] as readonly string[];
    if (type === 'nsxt_policy_predefined_security_policy') continue;
    const key = `${type}.${name}.path`;
    if (paths.has(key)) throw new Error(`${key} is there twice`);
    paths.set(key, (places[type] ?? '') + textOf(each, 'nsx_id'));
  }
  const resolve = (value: HclRead): unknown => {
    if (Array.isArray(value)) return (value as readonly HclRead[]).map(resolve);
    if (typeof value !== 'object') return value;
    const { reference } = value as { readonly reference?: string };
    if (typeof reference === 'string') {
      const path = paths.get(reference);
      if (path === undefined) throw new Error(`${reference} is nowhere`);
      return path;
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
  };
  return {
    version: 4,
    resources: resources.map((each) => {
      const [type, name] = each['labels'] as readonly string[];
      return { mode: 'managed', type, name, instances: [{ attributes: resolve(each) }] };
    }),
  };
}
