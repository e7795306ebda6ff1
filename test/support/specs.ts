import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const beside = fileURLToPath(new URL('../../../shared/specs', import.meta.url));

/**
 * The folder of NSX's published schemas with their validators, where somebody has it: `SEGWRIGHT_SPECS`, or
 * `shared/specs` beside the project. Nothing in the project needs it.
 */
export const SPECS: string | undefined = [process.env['SEGWRIGHT_SPECS'], beside].find(
  (folder) => folder !== undefined && existsSync(path.join(folder, 'tools/planted-errors.mjs')),
);
