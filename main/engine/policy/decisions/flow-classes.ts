import { stretchesOf } from '../../../../shared/policy/intervals.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { CompiledRuleset } from '../../../../shared/policy/compile.ts';
import { ServiceSet } from '../../../../shared/policy/service-set.ts';
import { lowerBound, type FlowKeys } from './flow-keys.ts';
import { Partition } from './partition.ts';

/** The number a set that holds everything has: it splits nothing. */
export const EVERYTHING = -1;

/** How many more sets than a ruleset needs may pile up before all is sorted anew. */
const STALE_FACTOR = 3;

/** Flows that no rule tells apart: their source, destination and service are of the same classes. */
export interface Combinations {
  readonly count: number;
  readonly sourceClass: Uint32Array;
  readonly destinationClass: Uint32Array;
  readonly serviceClass: Uint32Array;
  /** The combination of each flow. */
  readonly ofFlow: Uint32Array;
}

/**
 * The addresses and services of flows, sorted into classes by the sets that rules use, and the flows
 * by their classes. A set that was seen before costs nothing; a new one splits only classes it cuts.
 */
export class FlowClasses {
  readonly flows: FlowKeys;
  addresses: Partition;
  services: Partition;
  readonly #addressSets = new Map<string, number>();
  readonly #serviceSets = new Map<string, number>();
  readonly #knownAddressSets = new WeakMap<AddressSet, number>();
  readonly #knownServiceSets = new WeakMap<ServiceSet, number>();
  #combinations: Combinations | undefined;

  constructor(flows: FlowKeys) {
    this.flows = flows;
    this.addresses = new Partition(flows.codes.length);
    this.services = new Partition(flows.services.length);
  }

  /** Whether so many sets have gone out of use that starting anew is better. */
  isStale(ruleset: CompiledRuleset): boolean {
    const needed = 3 * ruleset.rules.length + 50;
    return this.#addressSets.size + this.#serviceSets.size > STALE_FACTOR * needed;
  }

  /** The number of a set of addresses, after splitting by it. */
  addressSet(set: AddressSet): number {
    if (set === AddressSet.ALL) return EVERYTHING;
    const known = this.#knownAddressSets.get(set) ?? this.#addressSets.get(set.key);
    if (known !== undefined) {
      this.#knownAddressSets.set(set, known);
      return known;
    }
    const number = this.addresses.split((take) => {
      this.#eachAddress(set, take);
    });
    this.#combinations = undefined;
    this.#addressSets.set(set.key, number);
    this.#knownAddressSets.set(set, number);
    return number;
  }

  /** The number of a set of services, after splitting by it. */
  serviceSet(set: ServiceSet): number {
    if (set === ServiceSet.ALL) return EVERYTHING;
    const known = this.#knownServiceSets.get(set) ?? this.#serviceSets.get(set.key);
    if (known !== undefined) {
      this.#knownServiceSets.set(set, known);
      return known;
    }
    const number = this.services.split((take) => {
      this.flows.services.forEach((service, at) => {
        if (set.has(service)) take(at);
      });
    });
    this.#combinations = undefined;
    this.#serviceSets.set(set.key, number);
    this.#knownServiceSets.set(set, number);
    return number;
  }

  /** The flows by their classes; ask only after all sets were named. */
  combinations(): Combinations {
    this.#combinations ??= combine(this.flows, this.addresses, this.services);
    return this.#combinations;
  }

  #eachAddress(set: AddressSet, take: (address: number) => void): void {
    const { codes, coded } = this.flows;
    const plain = codes.length - coded.length;
    for (const [from, to] of stretchesOf(set.v4)) {
      for (let at = lowerBound(codes, from); at < plain; at++) {
        if ((codes[at] ?? to) >= to) break;
        take(at);
      }
    }
    coded.forEach((address, at) => {
      if (set.has(address)) take(plain + at);
    });
  }
}

/** Numbers pairs of numbers as they come, in a table of its own: a `Map` is several times slower. */
class PairNumbers {
  readonly first: number[] = [];
  readonly second: number[] = [];
  #slots = new Int32Array(1 << 16).fill(-1);

  numberOf(a: number, b: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(a, b) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? -1;
      if (found < 0) break;
      if (this.first[found] === a && this.second[found] === b) return found;
      slot = (slot + 1) & mask;
    }
    const number = this.first.push(a) - 1;
    this.second.push(b);
    this.#slots[slot] = number;
    if (2 * this.first.length > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = this.#slots.length - 1;
    this.first.forEach((a, number) => {
      let slot = hash(a, this.second[number] ?? 0) & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    });
  }
}

function hash(a: number, b: number): number {
  const mixed = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35) >>> 0;
}

function combine(flows: FlowKeys, addresses: Partition, services: Partition): Combinations {
  const pairs = new PairNumbers();
  const triples = new PairNumbers();
  const ofFlow = new Uint32Array(flows.count);
  let lastSource = -1;
  let lastDestination = -1;
  let lastService = -1;
  let pair = 0;
  let triple = 0;
  for (let at = 0; at < flows.count; at++) {
    const source = addresses.classOf[flows.source[at] ?? 0] ?? 0;
    const destination = addresses.classOf[flows.destination[at] ?? 0] ?? 0;
    const service = services.classOf[flows.service[at] ?? 0] ?? 0;
    // Flows come sorted: the one before is often of the same classes.
    const isSamePair = source === lastSource && destination === lastDestination;
    if (!isSamePair) pair = pairs.numberOf(source, destination);
    if (!isSamePair || service !== lastService) triple = triples.numberOf(pair, service);
    ofFlow[at] = triple;
    lastSource = source;
    lastDestination = destination;
    lastService = service;
  }
  return {
    count: triples.first.length,
    sourceClass: Uint32Array.from(triples.first, (pair) => pairs.first[pair] ?? 0),
    destinationClass: Uint32Array.from(triples.first, (pair) => pairs.second[pair] ?? 0),
    serviceClass: Uint32Array.from(triples.second),
    ofFlow,
  };
}
