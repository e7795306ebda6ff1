/** Table functions that only compute, or tell of the schema. All others are refused. */
const HARMLESS: ReadonlySet<string> = new Set([
  'duckdb_columns',
  'duckdb_functions',
  'duckdb_tables',
  'duckdb_types',
  'duckdb_views',
  'generate_series',
  'json_each',
  'json_tree',
  'pragma_show',
  'pragma_table_info',
  'range',
  'repeat',
  'repeat_row',
  'summary',
  'unnest',
]);

/** Functions of one value that do more than compute it. */
const HARMFUL: ReadonlySet<string> = new Set(['nextval', 'setseed', 'sleep_ms', 'write_log']);

interface Parsed {
  readonly error?: unknown;
  readonly error_type?: unknown;
  readonly error_message?: unknown;
  readonly position?: unknown;
  readonly statements?: unknown;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** All names of functions below a part of a parsed statement, and whether each stands for a table. */
function* functionsIn(
  part: unknown,
): Generator<{ readonly name: string; readonly isTable: boolean }> {
  const waiting: { readonly value: unknown; readonly isTable: boolean }[] = [
    { value: part, isTable: false },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, isTable } = next;
    if (!isObject(value)) continue;
    const name = value['function_name'];
    if (typeof name === 'string') yield { name: name.toLowerCase(), isTable };
    const isTableFunction = value['type'] === 'TABLE_FUNCTION';
    for (const [key, child] of Object.entries(value)) {
      if (isObject(child)) {
        waiting.push({ value: child, isTable: isTableFunction && key === 'function' });
      }
    }
  }
}

/**
 * Why a text must not be run as a question, as a sentence without its full stop; `null` where it is
 * one SELECT that reads nothing but the project.
 *
 * @param json what DuckDB's `json_serialize_sql` says of the text
 */
export function refusalOf(json: string): string | null {
  const parsed: unknown = JSON.parse(json);
  if (!isObject(parsed)) return 'it could not be parsed';
  const { error, error_type: type, error_message: message, statements }: Parsed = parsed;
  if (error !== false) {
    if (type === 'parser') return typeof message === 'string' ? message : 'it is no SQL';
    return 'only SELECT is allowed here; nothing can be changed, loaded or set';
  }
  if (!Array.isArray(statements) || statements.length === 0) return 'it is empty';
  if (statements.length > 1) return 'it is more than one statement; ask one at a time';
  for (const { name, isTable } of functionsIn(statements[0])) {
    if (isTable ? !HARMLESS.has(name) : HARMFUL.has(name)) {
      return `the function ${name} is not allowed here; tables of the project are`;
    }
  }
  return null;
}
