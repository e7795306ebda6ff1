import { piecesOf as piecesOfList } from '../model/addresses.ts';
import { NSX_LIMITS } from './limits.ts';
import type {
  Bare,
  NsxChild,
  NsxGroup,
  NsxPolicy,
  NsxRule,
  NsxService,
  NsxTree,
} from './objects.ts';

/** All objects of a document. */
export interface NsxParts {
  readonly services: readonly NsxService[];
  /** Groups inside others stand before these. */
  readonly groups: readonly NsxGroup[];
  readonly policies: readonly NsxPolicy[];
  /** Changes of policies the manager has, each small enough for a call. */
  readonly changes?: readonly NsxChild[];
}

const bare = <Type extends string>(type: Type, id: string): Bare<Type> => ({
  resource_type: type,
  id,
});

/** A tree of services and of what lies in a domain. */
export function treeOf(
  domain: string,
  services: readonly NsxChild[],
  inDomain: readonly NsxChild[],
): NsxTree {
  const reference: NsxChild = {
    resource_type: 'ChildResourceReference',
    id: domain,
    target_type: 'Domain',
    children: inDomain,
  };
  return {
    resource_type: 'Infra',
    children: inDomain.length === 0 ? services : [...services, reference],
  };
}

/** Rules that stay together: small enough to fill calls well. */
const RULES_PER_PIECE = 500;

interface Piece {
  /** Objects of the call this piece counts for. */
  readonly size: number;
  readonly child: NsxChild;
  readonly isService: boolean;
}

/** Children of a policy the manager has, in wrappers of at most so many that leave the policy itself alone. */
export function policyChanges(policy: string, children: readonly NsxChild[]): readonly NsxChild[] {
  return piecesOfList(children, RULES_PER_PIECE).map((some) => ({
    resource_type: 'ChildResourceReference',
    id: policy,
    target_type: 'SecurityPolicy',
    children: some,
  }));
}

/** Rules of a policy the manager already has, in a wrapper that leaves the policy itself alone. */
function moreRules(policy: string, rules: readonly NsxRule[]): NsxChild {
  return {
    resource_type: 'ChildResourceReference',
    id: policy,
    target_type: 'SecurityPolicy',
    children: rules.map((rule) => ({ resource_type: 'ChildRule', Rule: rule })),
  };
}

function piecesOf(
  { services, groups, policies, changes = [] }: NsxParts,
  most: number,
): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const service of services) {
    const child: NsxChild = { resource_type: 'ChildService', Service: service };
    pieces.push({ size: 1 + service.service_entries.length, child, isService: true });
  }
  for (const group of groups) {
    const child: NsxChild = { resource_type: 'ChildGroup', Group: group };
    pieces.push({ size: 1, child, isService: false });
  }
  for (const policy of policies) {
    const size = Math.min(most - 2, RULES_PER_PIECE);
    const rules = policy.rules.slice(0, size);
    const child: NsxChild = {
      resource_type: 'ChildSecurityPolicy',
      SecurityPolicy: { ...policy, rules },
    };
    pieces.push({ size: 1 + rules.length, child, isService: false });
    for (let at = rules.length; at < policy.rules.length; at += size) {
      const more = policy.rules.slice(at, at + size);
      pieces.push({
        size: 1 + more.length,
        child: moreRules(policy.id, more),
        isService: false,
      });
    }
  }
  for (const child of changes) {
    const inside = 'children' in child ? child.children.length : 0;
    pieces.push({ size: 1 + inside, child, isService: false });
  }
  return pieces;
}

function packed(domain: string, pieces: readonly Piece[], most: number): readonly NsxTree[] {
  const trees: NsxTree[] = [];
  let room = 0;
  let services: NsxChild[] = [];
  let inDomain: NsxChild[] = [];
  const close = () => {
    if (services.length + inDomain.length > 0) trees.push(treeOf(domain, services, inDomain));
    services = [];
    inDomain = [];
    room = most - 1;
  };
  close();
  for (const { size, child, isService } of pieces) {
    if (size > room) close();
    room -= size;
    (isService ? services : inDomain).push(child);
  }
  close();
  return trees;
}

/**
 * The bodies that load all parts, in their order: one where they fit in a call, else several, so that
 * each names only what it or one before it brings. Every rule and every service entry counts as an object.
 */
export function loadingTrees(
  domain: string,
  parts: NsxParts,
  most: number = NSX_LIMITS.objectsPerCall,
): readonly NsxTree[] {
  return packed(domain, piecesOf(parts, most), most);
}

/** The bodies that take all parts away again, in their order: policies before what they use. */
export function deletingTrees(
  domain: string,
  { services, groups, policies }: NsxParts,
  most: number = NSX_LIMITS.objectsPerCall,
): readonly NsxTree[] {
  const mark = { marked_for_delete: true } as const;
  const children: readonly NsxChild[] = [
    ...policies.map(({ id }): NsxChild => {
      const SecurityPolicy = bare('SecurityPolicy', id);
      return { resource_type: 'ChildSecurityPolicy', ...mark, SecurityPolicy };
    }),
    ...groups.toReversed().map(({ id }): NsxChild => {
      return { resource_type: 'ChildGroup', ...mark, Group: bare('Group', id) };
    }),
    ...services.toReversed().map(({ id }): NsxChild => {
      return { resource_type: 'ChildService', ...mark, Service: bare('Service', id) };
    }),
  ];
  const pieces = children.map((child) => ({
    size: 1,
    child,
    isService: child.resource_type === 'ChildService',
  }));
  return packed(domain, pieces, most);
}

/** A tree as the text of a file. */
export function treeText(tree: unknown): string {
  return `${JSON.stringify(tree, null, 2)}\n`;
}
