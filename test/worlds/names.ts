import type { Prng } from '../sample/prng.ts';
import type { NamingStyle } from './options.ts';

/** What a tier does in its application. */
export type TierKind = 'web' | 'api' | 'app' | 'cache' | 'mq' | 'batch' | 'db';

/** The tags of one application, and the word they share. */
export interface TagNames {
  /** A word that every tag of the application holds, in lower case; `null` where they share none. */
  readonly stem: string | null;
  /** The tag of the whole application. */
  readonly parent: string;
  /** A tag for a tier; `part` tells the groups of a split tier apart. */
  tag(kind: TierKind, part: '' | 'A' | 'B'): string;
}

const APPLICATIONS: readonly string[] = [
  'ORDERS',
  'SHOP',
  'CRM',
  'BILLING',
  'PAYROLL',
  'LEDGER',
  'CLAIMS',
  'TICKETS',
  'CATALOG',
  'FLEET',
  'DEPOT',
  'TARIFF',
  'PORTAL',
  'QUOTES',
  'LOANS',
  'CARDS',
  'TRAVEL',
  'GRADES',
  'WARDS',
  'LIBRARY',
];

const WORDS: readonly string[] = [
  'falcon',
  'heron',
  'basalt',
  'willow',
  'comet',
  'harbor',
  'juniper',
  'mantle',
  'nickel',
  'otter',
  'pepper',
  'quarry',
  'raven',
  'saddle',
  'thistle',
  'umber',
  'velvet',
  'walnut',
  'yarrow',
  'zephyr',
];

const SHORT: Readonly<Record<'dash' | 'plain', Readonly<Record<TierKind, string>>>> = {
  dash: { web: 'FE', api: 'API', app: 'BE', cache: 'CACHE', mq: 'MQ', batch: 'JOB', db: 'DB' },
  plain: { web: 'WEB', api: 'API', app: 'APP', cache: 'RED', mq: 'MQ', batch: 'BAT', db: 'DB' },
};

function hex(prng: Prng, digits: number): string {
  return Array.from({ length: digits }, () => prng.int(0, 15).toString(16)).join('');
}

function guid(prng: Prng): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(prng, digits)).join('-');
}

const DRAWN: readonly Exclude<NamingStyle, 'mixed'>[] = [
  'dash',
  'concat',
  'nested',
  'underscore',
  'guid',
  'short',
  'words',
];

/** The name of the `index`th application, in upper case; no two are the same. */
export function applicationName(index: number): string {
  const word = APPLICATIONS[index % APPLICATIONS.length] ?? '';
  const round = Math.floor(index / APPLICATIONS.length);
  return round === 0 ? word : `${word}${round + 1}`;
}

/** Names for the tags of the `index`th application; two applications share no tag. */
export function tagNames(style: NamingStyle, index: number, prng: Prng): TagNames {
  const name = applicationName(index);
  const drawn = style === 'mixed' ? prng.pick(DRAWN) : style;
  const code = `${String.fromCharCode(65 + (index % 26))}${index < 26 ? 'S' : String(index)}`;
  let count = 0;
  switch (drawn) {
    case 'dash':
      return {
        stem: name.toLowerCase(),
        parent: `SG-${name}`,
        tag: (kind, part) => `SG-${name}-${SHORT.dash[kind]}${part === '' ? '' : `-${part}`}`,
      };
    case 'concat':
      return {
        stem: name.toLowerCase(),
        parent: `${name}ALL`,
        tag: (kind, part) => `${name}${SHORT.plain[kind]}${part}`,
      };
    case 'nested':
      return {
        stem: name.toLowerCase(),
        parent: `SG${code}${name}`,
        tag: (kind, part) => `SG${code}${SHORT.plain[kind]}${part}`,
      };
    case 'underscore':
      return {
        stem: name.toLowerCase(),
        parent: `prd_${name.toLowerCase()}`,
        tag: (kind, part) =>
          `prd_${name.toLowerCase()}_${kind}${part === '' ? '' : `_${part.toLowerCase()}`}`,
      };
    case 'guid':
      return { stem: null, parent: guid(prng), tag: () => guid(prng) };
    case 'short':
      return {
        stem: null,
        parent: `A${index + 1}`,
        tag: () => `T${index * 10 + ++count}`,
      };
    case 'words':
      return {
        stem: null,
        parent: `${prng.pick(WORDS)}${index}`,
        tag: () => `${WORDS[(index * 7 + ++count * 3) % WORDS.length] ?? ''}-${index * 10 + count}`,
      };
  }
}
