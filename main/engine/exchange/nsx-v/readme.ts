const CURL =
  "curl --fail-with-body --user \"$NSX_USER\" --header 'Content-Type: application/xml' --header 'Accept: application/xml'";

function quoted(file: string): string {
  return `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

/** The call that adds a section below all others but the default one. */
export function sectionCall(file: string): string {
  return `${CURL} --request POST --data @${quoted(file)} \\\n  "https://$NSX_MANAGER/api/4.0/firewall/globalroot-0/config/layer3sections?operation=insert_before_default"`;
}

/** The loop that posts every line of a file to a service of the manager, and prints the new ids. */
export function objectLoop(file: string, place: string): string {
  return [
    `while IFS= read -r body; do`,
    `  ${CURL} --request POST --data "$body" \\`,
    `    "https://$NSX_MANAGER/api/2.0/services/${place}/globalroot-0"; echo`,
    `done < ${quoted(file)}`,
  ].join('\n');
}

/** The call that reads all objects of a kind. */
export function readCall(kind: string): string {
  return `${CURL} "https://$NSX_MANAGER/api/2.0/services/${kind}/scope/globalroot-0" > ${kind}s.xml`;
}

/** The calls that read the default section and put it back changed. */
export function defaultSectionCalls(file: string): string {
  const place = 'https://$NSX_MANAGER/api/4.0/firewall/globalroot-0/config/layer3sections';
  return [
    `${CURL} --include "${place}?name=Default%20Section%20Layer3"`,
    `${CURL} --header "If-Match: $ETAG" --request PUT --data @${quoted(file)} \\`,
    `  "${place}/$SECTION_ID"`,
  ].join('\n');
}

/** The call that loads a saved configuration. */
export function draftCall(file: string): string {
  return `${CURL} --request POST --data @${quoted(file)} \\\n  "https://$NSX_MANAGER/api/4.0/firewall/globalroot-0/drafts"`;
}

const NOTES: readonly string[] = [
  'Read the whole configuration first and keep it: `GET /api/4.0/firewall/globalroot-0/config`. Never PUT a section to that address: it replaces every section there is.',
  'To change a section again, read it, send its ETag as `If-Match` with the PUT, and read it again before the next change: the ETag moves with every write.',
  'The manager gives every rule its id, the number that firewall logs show.',
  'A section is added below all others but the default one. A rule that stands before the default rule decides before it.',
  'A rule that names a VIP covers the client side only. The members behind it see the balancer and need a rule of their own.',
  'Sections that Service Composer manages must not be changed.',
];

/** A step of the README: what it does, and the lines that do it. */
export interface VStep {
  readonly why: string;
  readonly lines: string;
}

/** The README beside an NSX-v document. */
export function vReadme(
  steps: readonly VStep[],
  notes: readonly string[],
  warnings: readonly string[],
): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const texts = steps.map(
    ({ why, lines }, at) => `${at + 1}. ${why}\n\n\`\`\`sh\n${lines}\n\`\`\``,
  );
  const sections = [
    '# Loading a Segwright ruleset into NSX-v',
    'Written for NSX-v 6.4. Set `NSX_MANAGER` and `NSX_USER` first; curl asks for the password.',
    `## To load\n\n${texts.join('\n\n')}`,
    `## To know\n\n${list([...notes, ...NOTES])}`,
    warnings.length === 0 ? '' : `## Warnings\n\n${list(warnings)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
