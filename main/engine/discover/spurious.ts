import type { SpuriousKind as AnyKind } from '../../../shared/domain/inventory.ts';
import type { Facts } from './facts.ts';
import { serviceKey } from './facts.ts';
import { isOftenSwept, visitPurpose } from './well-known.ts';

/** What discovery itself can call a source. */
type SpuriousKind = Exclude<AnyKind, 'declared'>;

/** How widely a client asks and how often it is answered. */
export interface OpenerHabit {
  readonly address: number;
  readonly events: number;
  readonly sessions: number;
  readonly passed: number;
  /** Distinct destinations. */
  readonly targets: number;
  /** Distinct protocols and ports. */
  readonly services: number;
  /** Distinct destinations with a service. */
  readonly doors: number;
  /** Sessions of TCP or ICMP whose end was logged. */
  readonly ended: number;
  /** Those in which the server said something. */
  readonly answered: number;
}

/** A source that does not belong. */
export interface FoundSpurious extends OpenerHabit {
  readonly kind: SpuriousKind;
  /** Share of its sessions that passed and were answered. */
  readonly answeredShare: number;
}

/** A scan knocks at this many doors at least; a mistake at no more than {@link MISTAKE}. */
const SCAN = { doors: 5, breadth: 5 };
const MISTAKE = { targets: 2, services: 2, sessions: 60 };

/** A workload that is one knocks at so many doors; a machine that asks for one that is no more does not. */
const WORKLOAD_DOORS = 12;

/** Who is answered more often than this is served. */
const ANSWERED = 0.35;

/** Where ends were not logged: a scan asks for so many services, or at doors nobody else uses. */
const UNHEARD = { services: 12, lonely: 0.8, users: 3 };

function shareOf({ sessions, passed, ended, answered }: OpenerHabit): number {
  if (sessions === 0) return 0;
  return (passed / sessions) * (ended === 0 ? 1 : answered / ended);
}

/** Share of the doors a source knocks at that hardly anybody else uses. */
function lonelyShare(address: number, facts: Facts): number {
  const doors = facts.bySource.get(address) ?? [];
  const lonely = doors.filter(({ destination, protocol, port }) => {
    const users = (facts.byDestination.get(destination) ?? []).filter(
      (talk) =>
        talk.source !== address &&
        talk.passed > 0 &&
        talk.protocol === protocol &&
        talk.port === port,
    );
    return users.reduce((sum, { clients }) => sum + clients, 0) < UNHEARD.users;
  });
  return doors.length === 0 ? 0 : lonely.length / doors.length;
}

function kindOf(habit: OpenerHabit): SpuriousKind {
  return habit.services >= 4 || habit.services > habit.targets ? 'scan' : 'sweep';
}

function onlyVisits(address: number, facts: Facts): boolean {
  const services = (facts.bySource.get(address) ?? [])
    .filter(({ passed }) => passed > 0)
    .map(({ protocol, port }) => serviceKey(protocol, port));
  return (
    services.every((service) => visitPurpose(service) !== undefined) &&
    !services.every((service) => isOftenSwept(service))
  );
}

/**
 * Sources whose sessions serve no purpose: they knock at many doors and are hardly answered, or at
 * a wrong one and never. A workload is one only where it knocks widely.
 *
 * @param belongs addresses that do belong, such as a balancer's
 */
export function findSpurious(
  habits: readonly OpenerHabit[],
  facts: Facts,
  belongs: (address: number) => boolean,
): readonly FoundSpurious[] {
  const strange = habits.filter(({ address }) => !belongs(address));
  return strange.flatMap((habit): FoundSpurious[] => {
    const answeredShare = shareOf(habit);
    const found = (kind: SpuriousKind) => [{ ...habit, kind, answeredShare }];
    const isWide =
      habit.doors >= SCAN.doors && Math.max(habit.targets, habit.services) >= SCAN.breadth;
    if (answeredShare < ANSWERED) {
      const isOwn = facts.workloads.has(habit.address);
      if (isWide && (!isOwn || habit.doors >= WORKLOAD_DOORS)) return found(kindOf(habit));
      const isMistake =
        answeredShare === 0 &&
        habit.targets <= MISTAKE.targets &&
        habit.services <= MISTAKE.services &&
        habit.sessions <= MISTAKE.sessions;
      return isMistake && !isOwn ? found('wrong-address') : [];
    }
    const isUnheard = isWide && habit.ended === 0 && !facts.workloads.has(habit.address);
    if (!isUnheard || onlyVisits(habit.address, facts)) return [];
    const isLonely = lonelyShare(habit.address, facts) >= UNHEARD.lonely;
    return isLonely || (habit.services >= UNHEARD.services && habit.doors >= 2 * SCAN.doors)
      ? found(kindOf(habit))
      : [];
  });
}
