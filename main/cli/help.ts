const PROJECT = '  --project FILE   the project file (default: segwright.segw in this folder)';
const JSON_OPTION = '  --json           print JSON instead of a table';

/** The names of all commands, in the order of the help. */
export const COMMAND_NAMES = [
  'open',
  'flows',
  'discover',
  'inventory',
  'suggest',
  'rules',
  'check',
  'export',
  'ui',
] as const;

/** One of the commands. */
export type CommandName = (typeof COMMAND_NAMES)[number];

/** What `segwright --help` prints. */
export const HELP = `segwright: offline workbench for micro-segmentation

Usage: segwright COMMAND [OPTIONS]

  open PATH...   load logs, folders and archives into the project, and account for every line
  flows          who talked to whom: flows summed by some keys
  discover       groups, VIPs, applications, shared services and spurious sources found in the logs
  inventory      names and groups from NSX, RVTools or CSV
  suggest        rules that would permit what was seen, and a deny that closes each application
  rules          the ruleset; "rules add" adds a rule
  check          coverage, what the ruleset would change, and what is wrong with it
  export         the ruleset as a document for NSX
  ui             the workbench: a window, or a page for the browser of this machine

  segwright COMMAND --help   explains a command
  segwright --version        prints the version

Exit codes: 0 done, 1 the check found something, 2 bad use, 3 bad input.
`;

/** What `segwright COMMAND --help` prints. */
export const COMMAND_HELP: Record<CommandName, string> = {
  open: `Usage: segwright open PATH... [OPTIONS]

Loads logs, folders and archives (.gz, .tar, .tgz) into the project, which is made where it does not
exist, and prints the account of every source: lines = events + rejects + other + blank.
Ctrl-C stops cleanly.

  --year YEAR      the year of the first line, for lines that name none (RFC 3164); such a source
                   that was loaded with another year is loaded again in its place
  --flows-only     keep sums by hour and flow, and no logged lines: a far smaller project
${PROJECT}
${JSON_OPTION}
`,
  flows: `Usage: segwright flows [OPTIONS]

  --by KEYS        keys to sum by, with commas: direction, source (src), destination (dst),
                   service (svc), action, rule, tag, protocol, source-group, destination-group,
                   source-application, destination-application
                   (default: source,destination,service,action)
  --where FILTER   words field:value, all of which must hold; several values with |, a leading -
                   excludes: 'src:GROUP svc:TCP/80|TCP/443 -action:DROP'
  --seen WHERE     vnic or perimeter (by these alone), both, or collector
  --from TIME      from this time on, ISO 8601, UTC where it names no zone
  --to TIME        before this time
  --order KEY      sessions, events, bytes, packets, first or last, the largest first
                   (default: sessions)
  --limit N        at most N rows (default: 50 in a table, all in CSV and JSON)
  --format FORMAT  table, csv or json
${PROJECT}
${JSON_OPTION}
`,
  discover: `Usage: segwright discover [OPTIONS]

Prints what was found in the logs: security groups and how they lie in one another, VIPs with their pools,
applications and tiers, shared services and spurious sources, each with its confidence.

${PROJECT}
${JSON_OPTION}
`,
  suggest: `Usage: segwright suggest [--app NAME...] [OPTIONS]

Prints rules that would permit what was seen and no rule permits yet: groups, VIPs and services, shared
services once, and a disabled deny that closes each application. Spurious sources are left out.

  --app NAME       only this application, or the application of this group; may be given several times
  --level LEVEL    flow, service, pair, cover (default) or tier: from one rule a flow to one a pair of tiers
  --close          enable the denies that close applications
  --accept         add the rules to the ruleset, as one change that can be undone
${PROJECT}
${JSON_OPTION}
`,
  inventory: `Usage: segwright inventory [--import FILE | --remove ID] [OPTIONS]

Lists the imported inventories, and where they and the log disagree about members.

  --import FILE      import names and groups: NSX-T groups (JSON), NSX-v security groups and IP sets
                     (XML), RVTools (CSV, xlsx), or any CSV
  --columns COLUMNS  columns of a table by their headers: address=IP,name=VM,group=GROUP
                     (default: found by their headers; address may be given several times)
  --preview          show what would be imported, and import nothing
  --remove ID        take an imported inventory out
${PROJECT}
${JSON_OPTION}
`,
  rules: `Usage: segwright rules [--import FILE] [OPTIONS]
       segwright rules add --from NAME --to NAME --service SERVICE [OPTIONS]

Prints the ruleset. --json prints what --import reads.

  --import FILE      read a ruleset of NSX-T, NSX-v, Terraform or Segwright in the place of the present
                     one; may be given several times for one ruleset
  --current          with --import: keep it as what the firewall has now, and leave the rules alone
  --from, --to NAME  a security group, or an address
  --service SERVICE  TCP/443, UDP/53, TCP/8000-8010, ICMP; may be given several times
  --action ACTION    ALLOW (default), DROP or REJECT
  --name, --tag TEXT the rule's name and log label (default: made from both sides)
${PROJECT}
${JSON_OPTION}
`,
  check: `Usage: segwright check [--since TIME] [--against PROJECT|FILE] [OPTIONS]

Decides every logged flow by the ruleset, and prints its coverage, what it would newly block and allow,
findings (shadowed, contradicting, redundant, unused, too broad and more), a score, and, where rules
have the numbers that logs show, how far a replay agrees with the log. It also tells what would be
blocked besides once all is closed. Exits with 1 where there is more than hints.

  --since TIME             also tell which flows were first seen then or later, and are permitted by
                           no rule
  --against PROJECT|FILE   also tell which flows another ruleset decides otherwise: that of another
                           project (.segw), or of a file that "rules" imports
${PROJECT}
${JSON_OPTION}
`,
  export: `Usage: segwright export --format FORMAT [OPTIONS]

  --format FORMAT    nsx-t (JSON for the NSX Policy API), nsx-v (XML), terraform, csv,
                     markdown, report (HTML to print), segwright
  --variant VARIANT  nsx-t: complete (default), draft, patch; nsx-v: inline (default), objects, draft
  --target VERSION   nsx-t: 4 (4.x and 9.x, default), 3
  --out PATH         write to a file, with what goes with it beside it, or to a folder
                     (default: the first file to standard output)
${PROJECT}
${JSON_OPTION}
`,
  ui: `Usage: segwright ui [PATH...] [OPTIONS]

Starts the workbench: an Electron window where Electron is there, else a page for the browser of this
machine. The archives named are opened after the start. Ctrl-C ends it.

  --browser        use the browser even where Electron is there
  --open           open the page in the default browser
  --sample         open the sample archive, in a project of its own
${PROJECT}
`,
};
