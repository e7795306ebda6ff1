/**
 * Carries structured-clone values over channels that only take text (the DevTools protocol). What
 * `structuredClone` refuses is refused with Electron's words.
 */

const BINARY = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type BinaryName = keyof typeof BINARY;

type Cell =
  | string
  | number
  | boolean
  | null
  | readonly ['undefined']
  | readonly ['number' | 'bigint', string]
  | readonly ['date', number]
  | readonly ['regexp', string, string]
  | readonly ['error', string]
  | readonly ['map', readonly (readonly [Cell, Cell])[]]
  | readonly ['set' | 'array', readonly Cell[]]
  | readonly ['buffer', readonly number[]]
  | readonly ['binary', BinaryName, readonly number[]]
  | readonly ['object', readonly (readonly [string, Cell])[]]
  | readonly ['seen', number];

/** Copies a value as a process boundary would. Throws what Electron throws. */
export function cloned<Value>(value: Value): Value {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}

/** A value as text. */
export function encode(value: unknown): string {
  const seen = new Map<object, number>();

  function cellOf(part: unknown): Cell {
    switch (typeof part) {
      case 'undefined':
        return ['undefined'];
      case 'string':
      case 'boolean':
        return part;
      case 'number':
        return Number.isFinite(part) && !Object.is(part, -0)
          ? part
          : ['number', Object.is(part, -0) ? '-0' : String(part)];
      case 'bigint':
        return ['bigint', String(part)];
      case 'object':
        return part === null ? null : objectCell(part);
      case 'function':
      case 'symbol':
        throw new Error('An object could not be cloned.');
    }
  }

  function objectCell(part: object): Cell {
    const known = seen.get(part);
    if (known !== undefined) return ['seen', known];
    seen.set(part, seen.size);
    if (part instanceof Date) return ['date', part.getTime()];
    if (part instanceof RegExp) return ['regexp', part.source, part.flags];
    if (part instanceof Error) return ['error', part.message];
    if (part instanceof Map)
      return ['map', [...part].map(([key, item]) => [cellOf(key), cellOf(item)] as const)];
    if (part instanceof Set) return ['set', [...part].map(cellOf)];
    if (part instanceof ArrayBuffer) return ['buffer', [...new Uint8Array(part)]];
    if (ArrayBuffer.isView(part)) return binaryCell(part);
    if (Array.isArray(part)) return ['array', part.map(cellOf)];
    if (Object.prototype.toString.call(part) !== '[object Object]')
      throw new Error('An object could not be cloned.');
    return ['object', Object.entries(part).map(([key, item]) => [key, cellOf(item)] as const)];
  }

  return JSON.stringify(cellOf(cloned(value)));
}

function binaryCell(part: ArrayBufferView): Cell {
  const bytes = [...new Uint8Array(part.buffer, part.byteOffset, part.byteLength)];
  const name = Object.prototype.toString.call(part).slice(8, -1);
  if (!isBinaryName(name)) throw new Error('An object could not be cloned.');
  return ['binary', name, bytes];
}

function isBinaryName(name: string): name is BinaryName {
  return Object.hasOwn(BINARY, name);
}

/** The value of a text made by {@link encode}. */
export function decode(text: string): unknown {
  const made: unknown[] = [];

  function keep<Value>(value: Value): Value {
    made.push(value);
    return value;
  }

  function valueOf(cell: Cell): unknown {
    if (cell === null || typeof cell !== 'object') return cell;
    switch (cell[0]) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(cell[1]);
      case 'bigint':
        return BigInt(cell[1]);
      case 'seen':
        return made[cell[1]];
      case 'date':
        return keep(new Date(cell[1]));
      case 'regexp':
        return keep(new RegExp(cell[1], cell[2]));
      case 'error':
        return keep(new Error(cell[1]));
      case 'buffer':
        return keep(Uint8Array.from(cell[1]).buffer);
      case 'binary':
        return keep(new BINARY[cell[1]](Uint8Array.from(cell[2]).buffer));
      case 'map': {
        const map = keep(new Map<unknown, unknown>());
        for (const [key, item] of cell[1]) map.set(valueOf(key), valueOf(item));
        return map;
      }
      case 'set': {
        const set = keep(new Set<unknown>());
        for (const item of cell[1]) set.add(valueOf(item));
        return set;
      }
      case 'array': {
        const array = keep<unknown[]>([]);
        for (const item of cell[1]) array.push(valueOf(item));
        return array;
      }
      case 'object': {
        const object = keep<Record<string, unknown>>({});
        for (const [key, item] of cell[1])
          Object.defineProperty(object, key, {
            value: valueOf(item),
            writable: true,
            enumerable: true,
            configurable: true,
          });
        return object;
      }
    }
  }

  return valueOf(JSON.parse(text) as Cell);
}
