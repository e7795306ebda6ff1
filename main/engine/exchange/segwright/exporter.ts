import type { GroupDefinition } from '../../../../shared/domain/imported.ts';
import type { Exporter } from '../format.ts';
import { countsOf, type ExportModel, type ModelGroup } from '../model/export-model.ts';

/** What marks a file of this format, and its version. */
export const SEGWRIGHT_MARK = { segwright: 'ruleset', version: 1 } as const;

function definitionOf(model: ExportModel, group: ModelGroup): GroupDefinition {
  const children = group.children.flatMap((key) => model.groupOf(key)?.name ?? []);
  return {
    name: group.name,
    id: group.definition?.id ?? group.id,
    path: group.definition?.path ?? null,
    kind: group.definition?.kind ?? 'group',
    addresses: [...group.addresses[4], ...group.addresses[6]],
    children,
    conditions: group.conditions,
    unresolved: group.definition?.unresolved ?? false,
  };
}

/** Segwright's own format: the ruleset word for word, and the groups it names. */
export const segwrightExporter: Exporter = {
  format: 'segwright',
  system: 'a Segwright ruleset',
  needsRules: true,
  write({ model, input }) {
    const groups = model.groups
      .filter(({ kind }) => kind === 'group')
      .map((group) => definitionOf(model, group));
    const content = { ...SEGWRIGHT_MARK, ruleset: input.ruleset, groups };
    return {
      files: [
        {
          ending: '.json',
          mediaType: 'application/json',
          text: `${JSON.stringify(content, null, 2)}\n`,
        },
      ],
      counts: countsOf(model),
    };
  },
};
