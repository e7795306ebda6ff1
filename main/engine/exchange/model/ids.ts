import { createHash } from 'node:crypto';

/** Characters of an id; a rule of our own, the NSX API names none. */
const ID_LENGTH = 255;

/** Room left at the end of an id for what tells two of the same name apart, or names a part. */
const SUFFIX_ROOM = 55;

/** What an id is made for. */
export interface Claim {
  /** The name people know it by; the id is made from it. */
  readonly name: string;
  /** All that tells this one from others of the same name. */
  readonly identity: string;
}

/**
 * A text made of `A-Z a-z 0-9 _ . -`, as an id needs it: the API names no pattern, but `/` and `&`
 * break paths and only printable ASCII survives a URL.
 */
export function idFrom(text: string): string {
  const safe = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, ID_LENGTH - SUFFIX_ROOM)
    .replace(/^-+|-+$/g, '');
  return /[A-Za-z0-9_]/.test(safe) ? safe : 'x';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Hands out ids, none twice, not even in another case. */
export class IdRegister {
  readonly #taken = new Set<string>();

  /** The wanted id, or the wanted id with the first free number after it. */
  take(wanted: string): string {
    let id = wanted;
    for (let number = 2; this.#taken.has(id.toLowerCase()); number++) id = `${wanted}-${number}`;
    this.#taken.add(id.toLowerCase());
    return id;
  }

  /**
   * Ids for all claims at once, so that they do not hang on the order of the claims: whoever is
   * alone with an id gets it; of several, the one whose name is the id keeps it and the others get a
   * digest of their identity behind it.
   */
  takeAll(prefix: string, claims: readonly Claim[]): readonly string[] {
    const rivalsOf = new Map<string, Claim[]>();
    for (const claim of claims) {
      const key = idFrom(claim.name).toLowerCase();
      const rivals = rivalsOf.get(key);
      if (rivals === undefined) rivalsOf.set(key, [claim]);
      else rivals.push(claim);
    }
    const wanted = claims.map(({ name, identity }) => {
      const id = idFrom(name);
      const rivals = rivalsOf.get(id.toLowerCase()) ?? [];
      const exact = rivals.filter((rival) => rival.name === idFrom(rival.name));
      const keeps = rivals.length === 1 || (name === id && exact.length === 1);
      return prefix + (keeps ? id : `${id}-${digest(identity)}`);
    });
    return wanted.map((id) => this.take(id));
  }
}
