import type { DefaultRule } from '../../../../shared/domain/ruleset.ts';
import type { ExportModel } from './export-model.ts';
import type { ExportReport } from './report.ts';

const VERBS = { ALLOW: 'allows', DROP: 'drops', REJECT: 'rejects' } as const;

/** What a default rule does, in a sentence without its full stop. */
export function defaultRuleText({ action, logged }: DefaultRule): string {
  return `The default rule ${VERBS[action]} what no other rule is for, and ${logged ? 'logs it' : 'does not log it'}`;
}

/**
 * Says where the default rule stands in a document, and what it does to everything nobody allowed.
 *
 * @param where a sentence
 */
export function warnAboutDefault(
  { defaultRule }: Pick<ExportModel, 'defaultRule'>,
  where: string,
  report: ExportReport,
): void {
  if (defaultRule === null) return;
  const advice =
    defaultRule.action === 'ALLOW'
      ? ''
      : ' Let it allow and log first, and load it when nothing needed appears there any more.';
  report.warn(`${defaultRuleText(defaultRule)}. ${where}${advice}`);
}
