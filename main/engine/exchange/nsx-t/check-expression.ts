import { parseAddressRange } from '../../../../shared/net/address.ts';
import { NSX_LIMITS } from './limits.ts';
import type { CheckedGroup } from './schema.ts';

type Expression = CheckedGroup['expression'][number];

function isConjunction(expression: Expression): boolean {
  return expression.resource_type === 'ConjunctionOperator';
}

function orderProblems(list: readonly Expression[]): readonly string[] {
  const problems: string[] = [];
  if (list.length % 2 === 0) problems.push('an even number of expressions');
  const at = list.findIndex((each, index) => isConjunction(each) !== (index % 2 === 1));
  if (at >= 0) problems.push(`expression ${at + 1} is out of place`);
  return problems;
}

function nestedProblems(expression: Expression): readonly string[] {
  if (expression.resource_type !== 'NestedExpression') return [];
  const { expressions } = expression;
  const problems = [...orderProblems(expressions)];
  const conditions = expressions.filter((each) => each.resource_type === 'Condition');
  if (conditions.length > NSX_LIMITS.conditions)
    problems.push(`more than ${NSX_LIMITS.conditions} conditions in a nested expression`);
  if (new Set(conditions.map(({ member_type }) => member_type)).size > 1)
    problems.push('several kinds of members in a nested expression');
  const isOr = expressions.some(
    (each) => each.resource_type === 'ConjunctionOperator' && each.conjunction_operator === 'OR',
  );
  if (isOr) problems.push('OR in a nested expression');
  return problems;
}

function addressProblems(expression: Expression): readonly string[] {
  if (expression.resource_type !== 'IPAddressExpression') return [];
  const { ip_addresses: texts } = expression;
  const families = new Set(texts.map((text) => parseAddressRange(text)?.family));
  const problems: string[] = [];
  if (families.size > 1) problems.push('IPv4 and IPv6 in one expression');
  if (new Set(texts).size < texts.length) problems.push('an address is there twice');
  return problems;
}

/** What kind of criterion an expression is: only criteria of one kind can be joined by AND. */
function kindOf(expression: Expression | undefined): string {
  return expression?.resource_type === 'NestedExpression'
    ? 'Condition'
    : (expression?.resource_type ?? '');
}

function andProblems(list: readonly Expression[]): readonly string[] {
  const isMixed = list.some(
    (each, at) =>
      each.resource_type === 'ConjunctionOperator' &&
      each.conjunction_operator === 'AND' &&
      kindOf(list[at - 1]) !== kindOf(list[at + 1]),
  );
  return isMixed ? ['AND between different kinds of criteria'] : [];
}

/** What a manager would refuse in the list of expressions of a group. */
export function checkExpression(list: readonly Expression[]): readonly string[] {
  const problems = [...orderProblems(list), ...andProblems(list)];
  for (const each of list) problems.push(...nestedProblems(each), ...addressProblems(each));
  const criteria = list.filter(({ resource_type }) =>
    ['Condition', 'NestedExpression'].includes(resource_type),
  );
  if (criteria.length > NSX_LIMITS.conditions)
    problems.push(`more than ${NSX_LIMITS.conditions} conditions and nested expressions`);
  if (list.filter(({ resource_type }) => resource_type === 'IPAddressExpression').length > 1)
    problems.push('several address expressions, which the API discourages');
  return problems;
}
