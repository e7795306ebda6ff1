import type { DefaultRule } from '../../../../shared/domain/ruleset.ts';
import { defaultSectionCalls, type VStep } from './readme.ts';
import { ACTIONS, WHOLE_FIREWALL } from './sections.ts';
import { element, type XmlElement } from './xml.ts';

/** The section every manager ends with, which cannot be deleted; its one rule stays last. */
export function defaultSection({ action, logged }: DefaultRule): XmlElement {
  const rule = element(
    'rule',
    [
      element('name', 'Default Rule'),
      element('action', ACTIONS[action]),
      element('appliedToList', WHOLE_FIREWALL),
      element('precedence', 'default'),
      element('direction', 'inout'),
      element('packetType', 'any'),
    ],
    { disabled: 'false', logged: String(logged) },
  );
  return element('section', [rule], { name: 'Default Section Layer3', type: 'LAYER3' });
}

/** How the file with the default section is completed and loaded. */
export function defaultSectionStep(file: string): VStep {
  return {
    why: 'Change the default rule, when nothing that is needed reaches it any more: read the default section and keep the answer, write its `id` and that of its rule into the file as attributes of `section` and `rule`, add the other rules it has, and send it with the ETag of the answer.',
    lines: defaultSectionCalls(file),
  };
}
