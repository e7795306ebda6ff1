import { bug } from '../../../../shared/failure/failure.ts';

/** What the module of the line parser gives; see `assembly/parser.ts`. */
export interface ParserExports {
  /** Its `buffer` is another one after the memory has grown. */
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly staticEnd: () => number;
  readonly layoutStart: () => number;
  readonly layoutEnd: () => number;
  readonly inputStart: () => number;
  readonly inputCapacity: () => number;
  readonly windowCapacity: () => number;
  readonly rowCapacity: () => number;
  readonly reportStart: () => number;
  readonly rejectsStart: () => number;
  readonly columnStart: (column: number) => number;
  readonly setMonth: (month: number, start: number) => void;
  readonly setPassCode: (code: number) => void;
  readonly setUsualHost: (code: number) => void;
  readonly setDialects: (bits: number) => void;
  readonly setTookYear: (value: number) => void;
  readonly parseWindow: (length: number, firstLine: number, row: number, rowLimit: number) => void;
}

const FUNCTIONS = [
  'staticEnd',
  'layoutStart',
  'layoutEnd',
  'inputStart',
  'inputCapacity',
  'windowCapacity',
  'rowCapacity',
  'reportStart',
  'rejectsStart',
  'columnStart',
  'setMonth',
  'setPassCode',
  'setUsualHost',
  'setDialects',
  'setTookYear',
  'parseWindow',
] as const satisfies readonly (keyof ParserExports)[];

/** The exports of the module, where it has them all. */
export function parserExports(exports: Readonly<Record<string, unknown>>): ParserExports {
  for (const name of FUNCTIONS) {
    if (typeof exports[name] !== 'function') bug(`the line parser does not export ${name}`);
  }
  if (!hasMemory(exports)) bug('the line parser exports no memory');
  return exports as unknown as ParserExports;
}

function hasMemory(exports: Readonly<Record<string, unknown>>): boolean {
  const memory = exports['memory'];
  return typeof memory === 'object' && memory !== null && 'buffer' in memory;
}
