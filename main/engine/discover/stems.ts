/** What a tag says of its group's place: the application's word and the tier. */
export interface TagParts {
  /** In upper case; empty where the tag is nothing but a tier. */
  readonly stem: string;
  /** As {@link TIER_WORDS} has it, `null` where the tag names none. */
  readonly tier: string | null;
}

/** Words in tags and the tiers they mean, the longest first where one ends in another. */
const TIER_WORDS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['web', ['WEB', 'WWW', 'FE', 'FRONT', 'FRONTEND', 'FRT', 'DMZ', 'HTTP', 'UI', 'PORTALWEB']],
      ['proxy', ['PROXY', 'RP', 'NGINX', 'EDGE']],
      ['api', ['API', 'GW', 'GATEWAY']],
      ['app', ['APP', 'APPS', 'BE', 'BACK', 'BACKEND', 'SVC', 'LOGIC', 'MID', 'AS', 'TOMCAT']],
      ['cache', ['CACHE', 'REDIS', 'RED', 'MEMCACHE', 'MC']],
      ['mq', ['MQ', 'QUEUE', 'KAFKA', 'RABBIT', 'BUS', 'BROKER', 'AMQ', 'MSG']],
      ['batch', ['BATCH', 'BAT', 'JOB', 'JOBS', 'WORKER', 'WRK', 'CRON', 'SCHED']],
      ['search', ['SEARCH', 'ELASTIC', 'SOLR', 'ES']],
      [
        'db',
        [
          'DB',
          'SQL',
          'DATABASE',
          'DATA',
          'ORA',
          'ORACLE',
          'MSSQL',
          'MYSQL',
          'PG',
          'POSTGRES',
          'MONGO',
          'DBS',
        ],
      ],
    ] satisfies readonly (readonly [string, readonly string[]])[]
  ).flatMap(([tier, words]) => words.map((word): [string, string] => [word, tier])),
);

/** Words short enough to end other words by chance count only where they stand alone. */
const GLUED = [...TIER_WORDS.keys()].filter(
  (word) => word.length >= 3 || ['DB', 'MQ'].includes(word),
);
const GLUED_TIER = new RegExp(
  `^(.{2,}?)(${[...GLUED].sort((a, b) => b.length - a.length).join('|')})(?:[A-D]|\\d{1,2})?$`,
);

/** Words that say what kind of thing a tag is or where it stands, not what it is for. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  'SG,NSG,GRP,GROUP,TAG,SEC,SECGRP,PRD,PROD,PRODUCTION,DEV,TST,TEST,UAT,QA,ACC,STG,STAGE,ENV,ALL,TIER,SRV,SERVERS,VM,VMS,THE'.split(
    ',',
  ),
);

/** What stands before the word of an application without a separator, as in SGTSBOOKS. */
const GLUED_PREFIX = /^SG(?=[A-Z]{2})/;

const SEPARATORS = /[^A-Z0-9]+/;
const GUID = /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/;

/** Whether a tag is a generated identifier, which says nothing to people. */
export function isMeaningless(tag: string): boolean {
  return GUID.test(tag.toUpperCase());
}

/**
 * Takes a tag apart: SG-ORDERS-FE is the front end of ORDERS, SHOPAPP the application tier of SHOP.
 * Returns nothing where the tag tells no words.
 */
export function tagParts(tag: string): TagParts | null {
  const upper = tag.toUpperCase();
  if (isMeaningless(tag)) return null;
  const words = upper.split(SEPARATORS).filter((word) => word !== '');
  const isPart = (word: string, at: number) =>
    at === words.length - 1 && words.length > 1 && /^(?:[A-Z]|\d{1,3})$/.test(word);
  const meant = words.filter((word, at) => !EMPTY_WORDS.has(word) && !isPart(word, at));
  let at = -1;
  for (const [i, word] of meant.entries()) if (TIER_WORDS.has(word.replace(/\d+$/, ''))) at = i;
  if (at >= 0 && meant.length > 1) {
    const tier = TIER_WORDS.get((meant[at] ?? '').replace(/\d+$/, '')) ?? null;
    return { stem: meant.filter((_, i) => i !== at).join('-'), tier };
  }
  const [only] = meant;
  if (only === undefined) return null;
  if (meant.length === 1) {
    const whole = TIER_WORDS.get(only.replace(/\d+$/, ''));
    if (whole !== undefined) return { stem: '', tier: whole };
    const glued = GLUED_TIER.exec(only);
    if (glued?.[1] !== undefined && glued[2] !== undefined) {
      return { stem: glued[1], tier: TIER_WORDS.get(glued[2]) ?? null };
    }
    if (words.length === 1 && only.length > 5 && only.endsWith('ALL')) {
      return { stem: only.slice(0, -3), tier: null };
    }
  }
  return { stem: meant.join('-'), tier: null };
}

/** The words all texts begin with, without what separates them from the rest. */
function commonStart(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length).replace(/[^A-Z0-9]+$/, '');
}

/**
 * A name for the groups of one application: what the tag around them adds to theirs, or the word
 * they share. Nothing where they share none.
 *
 * @example applicationName(['SGTSWEB', 'SGTSDB'], ['SGTSBOOKS']) // 'BOOKS'
 */
export function applicationName(
  tags: readonly string[],
  parents: readonly string[],
): string | null {
  const upper = tags.map((tag) => tag.toUpperCase());
  for (const parent of parents) {
    if (isMeaningless(parent)) continue;
    const parts = tagParts(parent);
    const start = commonStart([parent.toUpperCase(), ...upper]);
    const rest = parent
      .toUpperCase()
      .slice(start.length)
      .replace(/^[^A-Z0-9]+/, '');
    if (rest.length >= 3 && !EMPTY_WORDS.has(rest) && /[A-Z]/.test(rest) && start.length >= 2) {
      const isCut =
        start.length > 0 && /[A-Z0-9]$/.test(start) && parts?.stem.includes('-') === true;
      if (!isCut) return rest;
    }
    if (parts !== null && parts.stem !== '') return parts.stem.replace(GLUED_PREFIX, '');
    return parent;
  }
  const stems = new Set(
    tags.flatMap((tag) => {
      const parts = tagParts(tag);
      return parts === null || parts.stem === '' ? [] : [parts.stem];
    }),
  );
  const [stem] = stems;
  const isShared = stems.size === 1 && stem !== undefined && !tags.some(isMeaningless);
  return isShared ? stem.replace(GLUED_PREFIX, '') : null;
}
