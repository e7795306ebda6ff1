import type { OutsideContent, OutsideSet } from '../../../shared/domain/outside.ts';
import {
  compareAddressTexts,
  formatAddress,
  parseAddress,
  parseAddressRange,
  rangeHas,
} from '../../../shared/net/address.ts';

/** Addresses that many machines have for themselves, and that tell nothing about one. */
const OWN = ['127.0.0.0/8', '169.254.0.0/16', '0.0.0.0', '::', '::1', 'fe80::/10'].flatMap(
  (text) => parseAddressRange(text) ?? [],
);

const MAX_NAME = 255;

interface Builder {
  readonly kind: OutsideSet['kind'];
  readonly members: Set<string>;
  readonly machines: Set<string>;
}

/** What a file says, while it is read. What cannot be used is counted and told, never thrown. */
export class ContentBuilder {
  readonly #names = new Map<string, string>();
  readonly #sets = new Map<string, Builder>();
  readonly #bad: string[] = [];
  #badCount = 0;
  #twice = 0;

  /** All addresses in a cell, canonical; those of loopback and link-local are left out. */
  addresses(text: string): readonly string[] {
    const parts = text.split(/[\s,;|]+/).filter((part) => part !== '');
    return parts.flatMap((part) => {
      const bare = part
        .replace(/^\[|\]$/g, '')
        .replace(/\/(?:32|128)$/, '')
        .replace(/%.*$/, '');
      const address = parseAddress(bare);
      if (address === undefined) {
        this.reject(part);
        return [];
      }
      return OWN.some((range) => rangeHas(range, address)) ? [] : [formatAddress(address)];
    });
  }

  /** Notes something that should have been an address. */
  reject(text: string): void {
    this.#badCount++;
    if (this.#bad.length < 3) this.#bad.push(text.slice(0, 60));
  }

  /** Says what an address is called. The first name holds. */
  name(address: string, name: string): void {
    const clean = name.trim().slice(0, MAX_NAME);
    if (clean === '') return;
    const present = this.#names.get(address);
    if (present === undefined) this.#names.set(address, clean);
    else if (present !== clean) this.#twice++;
  }

  /** A set by its name, made where it does not exist. */
  set(kind: OutsideSet['kind'], name: string): Pick<Builder, 'members' | 'machines'> {
    const key = `${kind} ${name}`;
    const set = this.#sets.get(key) ?? { kind, members: new Set(), machines: new Set() };
    this.#sets.set(key, set);
    return set;
  }

  /** Adds an address, a block or a range to a set. */
  member(set: Pick<Builder, 'members'>, text: string): void {
    const address = parseAddress(text.replace(/\/(?:32|128)$/, ''));
    if (address !== undefined) set.members.add(formatAddress(address));
    else if (parseAddressRange(text) !== undefined) set.members.add(text);
    else this.reject(text);
  }

  finish(): { readonly content: OutsideContent; readonly notices: readonly string[] } {
    const notices: string[] = [];
    if (this.#badCount > 0) {
      const shown = this.#bad.map((text) => `"${text}"`).join(', ');
      notices.push(`${this.#badCount} values are no addresses and were left out: ${shown}.`);
    }
    if (this.#twice > 0) {
      notices.push(`${this.#twice} addresses have several names; the first one is used.`);
    }
    const sets = [...this.#sets].map(([key, { kind, members, machines }]): OutsideSet => {
      const name = key.slice(kind.length + 1);
      const sorted = [...members].sort(compareAddressTexts);
      return machines.size === 0
        ? { kind, name, members: sorted }
        : { kind, name, members: sorted, machines: [...machines].sort() };
    });
    return { content: { names: Object.fromEntries(this.#names), sets }, notices };
  }
}
