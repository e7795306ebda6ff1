import type { ImportedRuleset } from '../../../../shared/domain/imported.ts';
import { memberAddresses, writtenAddresses } from '../model/addresses.ts';
import type { ModelGroup } from '../model/export-model.ts';
import { modelService, type ModelService } from '../model/services.ts';

/** What the manager has already, by what the model calls it. */
export interface KnownObjects {
  /** The path of a group of the manager, or the address a rule may name as such. */
  pathOfGroup(group: ModelGroup): string | undefined;
  /** Services of the manager that together are some of these, and those that none is. */
  coverOf(services: readonly ModelService[]): {
    readonly paths: readonly string[];
    readonly rest: readonly ModelService[];
  };
  /** All paths of the manager's groups and services. */
  readonly paths: ReadonlySet<string>;
}

function listText(texts: readonly string[]): string {
  return JSON.stringify([writtenAddresses(texts), memberAddresses(texts)]);
}

/** The groups and services of a current ruleset that was read through the Policy API. */
export function knownObjects({ groups, services }: ImportedRuleset): KnownObjects {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const paths = new Set([...groups, ...services].flatMap(({ path }) => path ?? []));
  const single = new Map<string, string>();
  const several: { readonly path: string; readonly keys: readonly string[] }[] = [];
  for (const { path, services: texts } of services) {
    const keys = [...new Set(texts.flatMap((text) => modelService(text)?.key ?? []))];
    const [only] = keys;
    if (path === null || only === undefined || keys.length < new Set(texts).size) continue;
    if (keys.length > 1) several.push({ path, keys });
    else if (!single.has(only)) single.set(only, path);
  }
  several.sort((a, b) => b.keys.length - a.keys.length);

  return {
    paths,
    pathOfGroup({ kind, name, addresses }) {
      const known = byName.get(name);
      if (kind === 'group') return known?.path ?? undefined;
      const texts = [...addresses[4], ...addresses[6]];
      if (known === undefined) return texts.length === 1 && texts[0] === name ? name : undefined;
      const isSame = known.kind === 'ip-set' && listText(known.addresses) === listText(texts);
      return isSame ? (known.path ?? undefined) : undefined;
    },
    coverOf(wanted) {
      const open = new Map(wanted.map((service) => [service.key, service]));
      const found: string[] = [];
      for (const { path, keys } of several) {
        if (!keys.every((key) => open.has(key))) continue;
        for (const key of keys) open.delete(key);
        found.push(path);
      }
      const rest: ModelService[] = [];
      for (const [key, service] of open) {
        const path = service.predefined === undefined ? single.get(key) : undefined;
        if (path === undefined) rest.push(service);
        else found.push(path);
      }
      return { paths: found, rest };
    },
  };
}
