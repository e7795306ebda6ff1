import type { GroupCondition } from '../../../../shared/domain/imported.ts';
import { childOf, childrenOf, textOf, type XmlNode } from './xml.ts';

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'EQUALS',
  '!=': 'NOTEQUALS',
  contains: 'CONTAINS',
  starts_with: 'STARTSWITH',
  ends_with: 'ENDSWITH',
};

const KEYS: Readonly<Record<string, string>> = {
  'VM.NAME': 'Name',
  'VM.SECURITY_TAG': 'Tag',
  'VM.GUEST_OS_FULL_NAME': 'OSName',
  'VM.GUEST_HOST_NAME': 'ComputerName',
};

/** The conditions of a security group, any list of which makes a member, and whether all could be said. */
export function conditionsOf(node: XmlNode): {
  lists: (readonly GroupCondition[])[];
  isWhole: boolean;
} {
  const lists: (readonly GroupCondition[])[] = [];
  let isWhole = true;
  const definition = childOf(node, 'dynamicMemberDefinition');
  const sets = childrenOf(definition, 'dynamicSet');
  sets.forEach((set, at) => {
    if (at > 0 && textOf(set, 'operator') === 'AND') isWhole = false;
    const criteria = childrenOf(set, 'dynamicCriteria').map((each) => ({
      isAnd: textOf(each, 'operator') === 'AND',
      condition: {
        member: 'VirtualMachine',
        key: KEYS[textOf(each, 'key')] ?? '',
        operator: OPERATORS[textOf(each, 'criteria')] ?? '',
        value: textOf(each, 'value'),
      },
    }));
    if (criteria.some(({ condition }) => condition.key === '' || condition.operator === '')) {
      isWhole = false;
      return;
    }
    const isAnd = criteria.length > 1 && criteria.slice(1).every((each) => each.isAnd);
    if (isAnd) lists.push(criteria.map(({ condition }) => condition));
    else lists.push(...criteria.map(({ condition }) => [condition]));
  });
  return { lists, isWhole };
}
