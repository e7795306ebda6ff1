import path from 'node:path';
import type {
  ColumnChoice,
  InventoryPreview,
  OutsideSummary,
} from '../../shared/domain/outside.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { countOf, formatCount, print, printable, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { BadUse, COMMON_OPTIONS, readArguments, refusePositionals } from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  import: { type: 'string' },
  columns: { type: 'string' },
  preview: { type: 'boolean' },
  remove: { type: 'string' },
} as const;

const COLUMNS: readonly Column<OutsideSummary>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'file', text: ({ file }) => file },
  { title: 'format', text: ({ format }) => format },
  { title: 'names', text: ({ names }) => formatCount(names), isNumber: true },
  { title: 'groups', text: ({ groups }) => formatCount(groups), isNumber: true },
  { title: 'IP sets', text: ({ ipSets }) => formatCount(ipSets), isNumber: true },
];

/** Reads `address=IP,name=VM`; `address` may be given several times. */
function readColumns(text: string): ColumnChoice {
  const given = text.split(',').map((part) => {
    const at = part.indexOf('=');
    const role = part.slice(0, Math.max(at, 0)).trim();
    const header = part.slice(at + 1).trim();
    if (!['address', 'name', 'group'].includes(role) || header === '') {
      throw new BadUse(`--columns is address=HEADER,name=HEADER,group=HEADER, not "${text}"`);
    }
    return { role, header };
  });
  const of = (role: string) => given.filter((each) => each.role === role);
  const address = of('address').map(({ header }) => header);
  if (address.length === 0) throw new BadUse('--columns must name the column with address=HEADER');
  return {
    address,
    name: of('name')[0]?.header ?? null,
    group: of('group')[0]?.header ?? null,
  };
}

async function printPreview(preview: InventoryPreview): Promise<void> {
  const { format, names, groups, ipSets, columns, headers, sample, notices } = preview;
  await print(
    `${preview.file} (${format}): ${countOf(names, 'name')}, ${countOf(groups, 'group')}, ${countOf(ipSets, 'IP set')}\n`,
  );
  if (headers.length > 0) await print(`Columns: ${printable(headers.join(', '))}\n`);
  if (columns !== null) {
    const { address, name, group } = columns;
    await print(
      printable(
        `Read as: address=${address.join('+')}, name=${name ?? 'none'}, group=${group ?? 'none'}`,
      ) + '\n',
    );
  }
  for (const { address, name } of sample) await print(`  ${address}  ${printable(name)}\n`);
  for (const notice of notices) await print(`${printable(notice)}\n`);
}

async function list(client: EngineClient, json: boolean): Promise<void> {
  const { imports, contradictions, outside } = await client.call('inventory.read', {});
  const disagreeing = contradictions.filter(({ kind }) => kind === 'membership');
  if (json) {
    await printJson({ imports, outside, contradictions: disagreeing });
    return;
  }
  await print(formatTable(imports, COLUMNS));
  for (const { file, notices } of imports) {
    for (const notice of notices) await print(`${printable(`${file}: ${notice}`)}\n`);
  }
  for (const each of disagreeing) {
    if (each.kind !== 'membership') continue;
    const { group, onlyLog, onlyInventory } = each;
    await print(
      `${printable(group)}: ${countOf(onlyLog.length, 'member')} only in the log, ` +
        `${formatCount(onlyInventory.length)} only in the imported inventory\n`,
    );
  }
}

/**
 * `segwright inventory`: imports names and groups, lists what was imported, takes it out.
 *
 * @returns the exit code
 */
export async function inventory(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  refusePositionals('inventory', positionals);
  if (values.import !== undefined && values.remove !== undefined) {
    throw new BadUse('give --import or --remove, not both');
  }
  if (values.import === undefined && (values.columns !== undefined || values.preview === true)) {
    throw new BadUse('--columns and --preview go with --import FILE');
  }
  const file = values.import;
  const request =
    file === undefined
      ? null
      : {
          path: path.resolve(file),
          name: path.basename(file),
          ...(values.columns === undefined ? {} : { columns: readColumns(values.columns) }),
        };
  await withProject(values.project ?? DEFAULT_PROJECT, async (client) => {
    const json = values.json === true;
    if (request !== null && values.preview === true) {
      const preview = await client.call('inventory.preview', request);
      await (json ? printJson(preview) : printPreview(preview));
      return;
    }
    if (request !== null) await client.call('inventory.import', request);
    if (values.remove !== undefined) await client.call('inventory.remove', { id: values.remove });
    await list(client, json);
  });
  return 0;
}
