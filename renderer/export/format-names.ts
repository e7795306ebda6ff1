import type { ImportFormat } from '../../shared/domain/imported.ts';

/** What the systems a ruleset comes from are called in sentences. */
export const FORMAT_NAMES: Readonly<Record<ImportFormat, string>> = {
  'nsx-t': 'NSX Policy API',
  'nsx-v': 'NSX-v',
  terraform: 'Terraform',
  segwright: 'a Segwright ruleset',
};
