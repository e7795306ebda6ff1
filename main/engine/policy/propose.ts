import type { Inventory } from '../../../shared/domain/inventory.ts';
import type { RuleObject, RuleProposal } from '../../../shared/domain/ruleset.ts';
import { slug } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { parseAddress } from '../../../shared/net/address.ts';

/** What a node of the map becomes on one side of a rule. */
interface Side {
  /** Empty for any. */
  readonly objects: readonly RuleObject[];
  /** The group on whose vNICs a rule about this side is enforced; `null` where it enforces nothing. */
  readonly enforcedBy: string | null;
  readonly label: string;
}

/** The policy of rules between things that belong to no group. */
const FALLBACK_POLICY = 'Segwright';

/** Nodes that gather addresses become an IP set of them, up to this many. */
const MAX_GATHERED = 4_000;

/** The addresses gathered in a node of the map. */
export type AddressesOf = (node: string) => Promise<readonly string[]>;

function ipSet(name: string, addresses: readonly string[]): RuleObject {
  return { kind: 'ip-set', name, addresses };
}

function leafOf(address: string, inventory: Inventory): string | null {
  const holders = inventory.groups.filter((group) => group.members.includes(address));
  const smallest = holders.sort((a, b) => a.members.length - b.members.length)[0];
  return smallest?.name ?? null;
}

/**
 * A VIP as the source of sessions to its pool: members see the balancer's own addresses, or the
 * client's, which may be any, where the balancer keeps it.
 */
function balancerOf(node: string, inventory: Inventory): Side | null {
  const vip = inventory.vips.find(({ address }) => node === `address:${address}`);
  if (vip === undefined || vip.mode === 'unknown') return null;
  if (vip.snat.length === 0) return { objects: [], enforcedBy: null, label: 'any' };
  const label = `${vip.address} balancer`;
  return { objects: [ipSet(label, vip.snat)], enforcedBy: null, label };
}

async function sideOf(node: string, inventory: Inventory, addressesOf: AddressesOf): Promise<Side> {
  const [kind, rest] = node.split(/:(.*)/s);
  if (kind === 'group' && rest !== undefined) {
    if (![...inventory.groups, ...inventory.outside].some((group) => group.name === rest)) {
      throw new Failure('name-unknown', { name: rest });
    }
    return { objects: [{ kind: 'group', name: rest }], enforcedBy: rest, label: rest };
  }
  if (kind === 'app' && rest !== undefined) {
    const own = inventory.applications.find(({ name }) => name === rest);
    if (own === undefined) throw new Failure('name-unknown', { name: rest });
    const groups = own.tiers.flatMap((tier) => tier.groups);
    const objects = groups.map((name): RuleObject => ({ kind: 'group', name }));
    return { objects, enforcedBy: groups[0] ?? null, label: rest };
  }
  if ((kind === 'workload' || kind === 'address') && rest !== undefined) {
    if (parseAddress(rest) === undefined) throw new Failure('name-unknown', { name: rest });
    const enforcedBy = leafOf(rest, inventory);
    return { objects: [ipSet(rest, [rest])], enforcedBy, label: rest };
  }
  if (node === 'outside') return { objects: [], enforcedBy: null, label: 'any' };
  const addresses = await addressesOf(node);
  if (addresses.length === 0) throw new Failure('name-unknown', { name: node });
  if (addresses.length > MAX_GATHERED) return { objects: [], enforcedBy: null, label: 'any' };
  return { objects: [ipSet(node, addresses)], enforcedBy: null, label: node };
}

function policyFor(groups: readonly string[], inventory: Inventory): string {
  const [first] = groups;
  if (first === undefined) return FALLBACK_POLICY;
  const outermost = inventory.groups.find((group) => group.name === first)?.parents.at(-1);
  return outermost ?? first;
}

/**
 * What a rule from one node of the map to another would be: its two sides, the groups whose vNICs
 * enforce it (a side that is no workload enforces nothing), and the policy it would join.
 *
 * @throws Failure `name-unknown` where a node does not exist
 */
export async function proposeRule(
  question: { readonly source: string; readonly target: string },
  inventory: Inventory,
  addressesOf: AddressesOf,
): Promise<RuleProposal> {
  const source =
    balancerOf(question.source, inventory) ??
    (await sideOf(question.source, inventory, addressesOf));
  const target = await sideOf(question.target, inventory, addressesOf);
  const enforcing = [source.enforcedBy, target.enforcedBy].filter((name) => name !== null);
  const name = `${source.label} to ${target.label}`;
  return {
    sources: source.objects,
    destinations: target.objects,
    appliedTo: [...new Set(enforcing)],
    policy: policyFor(enforcing, inventory),
    name,
    tag: slug(name.replace(' to ', '-'), 32),
  };
}
