import type { BlockReader } from '../block-reader.ts';
import type { Names } from '../names.ts';
import { formsOf } from '../readers/nsx-dfw.ts';
import type { ReaderContext } from '../readers/reader.ts';
import { yearsOf } from '../readers/reference-date.ts';
import { WasmDfwParser } from './wasm-parser.ts';

const MARK = [0xef, 0xbb, 0xbf] as const;

/** The line parser in WebAssembly as a reader of blocks, for one source after the other. */
export interface WasmBlocks {
  /**
   * Makes ready for a source.
   *
   * @param id the number of the source in the project
   * @param host code of the host of lines that name none; 0 for none
   */
  begin(id: number, host: number, context: ReaderContext): BlockReader;
}

/** Makes the parser of the given module; its codes come from `names`. */
export async function loadWasmBlocks(
  module: Uint8Array<ArrayBuffer>,
  names: Names,
): Promise<WasmBlocks> {
  const parser = await WasmDfwParser.load(module, names);
  return {
    begin(id, host, context) {
      parser.begin({ id, host, years: yearsOf(context) });
      return {
        get forms() {
          return formsOf(parser.dialects);
        },
        get tookYear() {
          return parser.tookYear;
        },
        readBlock(bytes, start, end, firstLine, batch, sink) {
          const isMarked = firstLine === 1 && MARK.every((byte, at) => bytes[start + at] === byte);
          const from = isMarked ? start + MARK.length : start;
          return parser.readBlock(bytes, from, end, firstLine, batch, sink);
        },
      };
    },
  };
}
