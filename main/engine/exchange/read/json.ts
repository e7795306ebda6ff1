/** A JSON object of unknown shape. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether the value is an object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text in a field, or `''`. */
export function textIn(object: JsonObject, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The number in a field, also where it was written as a text. */
export function numberIn(object: JsonObject, field: string): number | undefined {
  const value = object[field];
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Whether a field is true, also where that was written as a text. */
export function isTrue(object: JsonObject, field: string): boolean {
  return object[field] === true || object[field] === 'true';
}

/** The objects in a list. */
export function objectsIn(object: JsonObject, field: string): readonly JsonObject[] {
  const value = object[field];
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

/** The texts in a list. */
export function textsIn(object: JsonObject, field: string): readonly string[] {
  const value = object[field];
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter((each) => typeof each === 'string');
}

/**
 * The names in a list that is empty where everything is meant. What is no text becomes a name that
 * nothing has, so that it never turns the list into one for everything.
 */
export function namesIn(object: JsonObject, field: string): readonly string[] {
  const value = object[field];
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).map((each) => (typeof each === 'string' ? each : '/unreadable'));
}
