import type { FilterField, FilterTerm } from './filter.ts';
import { FLOW_KEYS, type FlowKey, type FlowRow } from './flow.ts';

/** What a filter has to ask about to hold for the flows of a key's value. */
export const FIELD_OF_KEY: Readonly<Record<FlowKey, FilterField>> = {
  direction: 'direction',
  source: 'source',
  destination: 'destination',
  service: 'service',
  action: 'action',
  rule: 'rule',
  tag: 'tag',
  sourceGroup: 'source',
  destinationGroup: 'destination',
  sourceApplication: 'source',
  destinationApplication: 'destination',
  protocol: 'service',
};

/** Terms that hold for exactly the flows a row stands for. */
export function termsOfRow(row: FlowRow): readonly FilterTerm[] {
  return FLOW_KEYS.flatMap((key): readonly FilterTerm[] => {
    const value = row[key];
    if (value === null) return [];
    return [{ field: FIELD_OF_KEY[key], exclude: false, values: [String(value)] }];
  });
}
