import type { ExportTarget } from '../../../../shared/domain/export.ts';
import { TARGET_NAMES } from './limits.ts';

/** A file and what is done with it. */
export interface Step {
  readonly file: string;
  /** HTTP method and path at the manager. */
  readonly call: string;
  readonly why: string;
}

/** A command line that sends a file to a manager. */
export function curlLine({ file, call }: Step, contentType: string): string {
  const [method = '', path = ''] = call.split(' ');
  return [
    `curl --fail-with-body --user "$NSX_USER" --request ${method} \\`,
    `  --header 'Content-Type: ${contentType}' \\`,
    `  --data @'${file.replaceAll("'", String.raw`'\\''`)}' \\`,
    `  "https://$NSX_MANAGER${path}"`,
  ].join('\n');
}

function stepText(step: Step, at: number): string {
  return `${at + 1}. ${step.why}\n\n\`\`\`sh\n${curlLine(step, 'application/json')}\n\`\`\``;
}

/** What the README of an NSX-T document says. */
export interface ReadmeParts {
  readonly title: string;
  readonly target: ExportTarget;
  readonly steps: readonly Step[];
  readonly undo: readonly Step[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** The README beside an NSX-T document: the exact calls, the way back, and what to know before. */
export function nsxReadme(parts: ReadmeParts): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const sections = [
    `# ${parts.title}`,
    `Written for ${TARGET_NAMES[parts.target]}. Set \`NSX_MANAGER\` and \`NSX_USER\` first; curl asks for the password.`,
    `## To load\n\n${parts.steps.map(stepText).join('\n\n')}`,
    parts.undo.length === 0 ? '' : `## To take back\n\n${parts.undo.map(stepText).join('\n\n')}`,
    `## To know\n\n${list(parts.notes)}`,
    parts.warnings.length === 0 ? '' : `## Warnings\n\n${list(parts.warnings)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** What holds for every hierarchical call. */
export const PATCH_NOTES: readonly string[] = [
  'PATCH creates and changes, and deletes nothing: rules and groups that this file does not name stay as they are. Compare the policy with this file after loading.',
  'The manager gives every rule its number (`rule_id`), the one that firewall logs show. Nobody can choose it; the log label of each rule is the key that stays.',
  'A rule that denies what no other allowed is best loaded disabled, or as an allow with a log label, until the log under its label is empty.',
  'A rule that names a VIP covers the client side only. The members behind it see the balancer and need a rule of their own.',
  'Nothing here was tried on your manager. Load it on a test system first.',
];
