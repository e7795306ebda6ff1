import type { GroupCondition } from '../../../../shared/domain/imported.ts';
import { parseAddressRange } from '../../../../shared/net/address.ts';
import { GROUP_TAG_SCOPE } from '../nsx-t/groups.ts';
import type { ReadGroup } from './read-ruleset.ts';
import { objectsIn, textIn, textsIn, type JsonObject } from './json.ts';

interface Gathered {
  readonly addresses: string[];
  readonly inside: string[];
  readonly conditions: (readonly GroupCondition[])[];
  unresolved: boolean;
}

function conditionOf(expression: JsonObject): GroupCondition {
  return {
    member: textIn(expression, 'member_type'),
    key: textIn(expression, 'key'),
    operator: textIn(expression, 'operator'),
    value: textIn(expression, 'value'),
  };
}

/** The conditions of an expression that has nothing else; nothing for any other expression. */
function conditionsIn(expression: JsonObject): readonly GroupCondition[] | undefined {
  const type = textIn(expression, 'resource_type');
  if (type === 'Condition') return [conditionOf(expression)];
  if (type !== 'NestedExpression') return undefined;
  const inner = objectsIn(expression, 'expressions').filter(
    (each) => textIn(each, 'resource_type') !== 'ConjunctionOperator',
  );
  return inner.every((each) => textIn(each, 'resource_type') === 'Condition')
    ? inner.map(conditionOf)
    : undefined;
}

/** Expressions that AND joins, list by list; OR stands between the lists. */
function termsOf(expressions: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const terms: JsonObject[][] = [[]];
  for (const expression of expressions) {
    if (textIn(expression, 'resource_type') !== 'ConjunctionOperator')
      terms.at(-1)?.push(expression);
    else if (textIn(expression, 'conjunction_operator') !== 'AND') terms.push([]);
  }
  return terms.filter((term) => term.length > 0);
}

function gatherOne(expression: JsonObject, gathered: Gathered): void {
  switch (textIn(expression, 'resource_type')) {
    case 'IPAddressExpression': {
      const texts = textsIn(expression, 'ip_addresses');
      const readable = texts.filter((text) => parseAddressRange(text) !== undefined);
      gathered.addresses.push(...readable);
      if (readable.length < texts.length) gathered.unresolved = true;
      return;
    }
    case 'PathExpression':
      gathered.inside.push(...textsIn(expression, 'paths'));
      return;
    default:
      gathered.unresolved = true;
  }
}

/** Reads a group of the Policy API; expressions of unknown kinds make it unresolved. */
export function readNsxTGroup(group: JsonObject, path: string): ReadGroup {
  const gathered: Gathered = { addresses: [], inside: [], conditions: [], unresolved: false };
  let ownName: string | undefined;
  for (const term of termsOf(objectsIn(group, 'expression'))) {
    const conditions = term.map(conditionsIn);
    const all = conditions.every((list) => list !== undefined) ? conditions.flat() : undefined;
    const [only, ...more] = term;
    const tag = all?.length === 1 && all[0]?.key === 'Tag' ? all[0].value : undefined;
    if (tag?.startsWith(`${GROUP_TAG_SCOPE}|`) === true)
      ownName = tag.slice(GROUP_TAG_SCOPE.length + 1);
    else if (all !== undefined) gathered.conditions.push(all);
    else if (only !== undefined && more.length === 0) gatherOne(only, gathered);
    else gathered.unresolved = true;
  }
  if (objectsIn(group, 'extended_expression').length > 0) gathered.unresolved = true;
  const id = textIn(group, 'id');
  const name = ownName ?? textIn(group, 'display_name');
  return {
    ...gathered,
    id,
    path,
    name: name === '' ? id : name,
    keys: [path],
    isSecurityGroup: ownName !== undefined,
  };
}
