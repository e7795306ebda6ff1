import type {
  ComparedSpace,
  ComparedSpaces,
  NamedSet,
  RulesetComparison,
} from '../../shared/domain/comparison.ts';
import { countOf, formatCount, print } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** Spaces of each kind that are printed; JSON has more. */
const PRINTED = 20;

/** Texts of one set that are printed. */
const TEXTS = 4;

function setText({ texts, count }: NamedSet): string {
  const shown = texts.slice(0, TEXTS).join(', ');
  return count > TEXTS ? `${shown} and ${formatCount(count - TEXTS)} more` : shown;
}

const SPACES: readonly Column<ComparedSpace>[] = [
  { title: 'sources', text: ({ sources }) => setText(sources) },
  { title: 'destinations', text: ({ destinations }) => setText(destinations) },
  { title: 'services', text: ({ services }) => setText(services) },
  { title: 'flows seen', text: ({ observed }) => formatCount(observed.flows), isNumber: true },
  { title: 'events seen', text: ({ observed }) => formatCount(observed.events), isNumber: true },
];

async function printSpaces(title: string, { count, first }: ComparedSpaces): Promise<void> {
  if (count === 0) return;
  await print(`\n${title}\n${formatTable(first.slice(0, PRINTED), SPACES)}`);
  const shown = Math.min(PRINTED, first.length);
  if (count > shown) await print(`… ${formatCount(count - shown)} more\n`);
}

/** Prints what a ruleset allows and denies otherwise than the one it was compared with. */
export async function printDifference(difference: RulesetComparison): Promise<void> {
  const { isEqual, isWhole, newlyAllowed, newlyDenied, unresolved } = difference;
  if (isEqual) await print('\nBoth rulesets allow and deny the same, logged or not.\n');
  await printSpaces('Allowed, and denied by the other ruleset', newlyAllowed);
  await printSpaces('Denied, and allowed by the other ruleset', newlyDenied);
  if (!isWhole) await print('\nThe rulesets differ in too much to be compared wholly.\n');
  if (unresolved.length > 0) {
    const names = unresolved.slice(0, 10).join(', ');
    const things = countOf(unresolved.length, 'name');
    await print(`\nRules match nothing through ${things} that nobody knows: ${names}\n`);
  }
}
