import asc from 'assemblyscript/asc';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = path.join(root, 'main/engine/ingest/wasm/assembly');
const OUTPUT = path.join(root, 'dist/main/dfw-parser.wasm');

/** Pages of 64 KiB that the fixed layout and the first known texts take; loading checks it. */
const INITIAL_PAGES = 128;

/**
 * Compiles the DFW line parser from AssemblyScript to WebAssembly, without a runtime: the module
 * allocates nothing but its own memory of known texts.
 *
 * @param {string} outFile where the module is written
 * @returns {Promise<string>} the path of the module
 */
export async function buildWasm(outFile = OUTPUT) {
  /** @type {Map<string, Uint8Array>} */
  const written = new Map();
  const { error, stderr } = await asc.main(
    [
      'parser.ts',
      ...['--baseDir', SOURCES],
      ...['--outFile', 'dfw-parser.wasm'],
      ...['-O3', '--converge', '--noAssert'],
      ...['--runtime', 'stub'],
      ...['--enable', 'simd'],
      ...['--initialMemory', String(INITIAL_PAGES)],
    ],
    {
      writeFile: (name, contents) => {
        written.set(name, typeof contents === 'string' ? Buffer.from(contents) : contents);
      },
    },
  );
  const module = written.get('dfw-parser.wasm');
  if (error !== null || module === undefined) {
    throw new Error(`The line parser does not compile: ${error?.message ?? ''}\n${stderr}`);
  }
  mkdirSync(path.dirname(outFile), { recursive: true });
  writeFileSync(outFile, module);
  return outFile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm();
