import type { StatementRunner } from '../store/marks.ts';
import { numberOf } from '../store/rows.ts';
import { i32 } from '../store/sql.ts';
import clockStep from './clock-step.sql';
import { entry } from './facts.ts';
import { rowsOf, sampleEvery, statementOf } from './statement.ts';

/** Sessions both ends logged show how far two clocks differ. */
export interface ClockStep {
  readonly near: number;
  readonly far: number;
  readonly sessions: number;
  /** Median of the far line's time minus the near line's, in milliseconds. */
  readonly step: number;
}

/** What a clock is ahead of the others of its part. */
export interface Clock {
  /** A host's code, or 2^32 and the vantage where lines name no host. */
  readonly clock: number;
  /** Milliseconds. */
  readonly ahead: number;
  /** Clocks with the same number were compared, directly or through others. */
  readonly part: number;
}

/** A packet's way from the client's vNIC to the server's, in milliseconds. */
const TRAVEL_MS = 0.5;

/** Sessions above this make a comparison no better: the error is then the clock's own. */
const ENOUGH = 50;

const ROUNDS = 30;

interface Neighbour {
  readonly clock: number;
  /** What the neighbour is ahead of this one. */
  readonly ahead: number;
  readonly weight: number;
}

function neighboursOf(steps: readonly ClockStep[]): ReadonlyMap<number, readonly Neighbour[]> {
  const near = new Map<number, Neighbour[]>();
  for (const { near: from, far: to, sessions, step } of steps) {
    const weight = Math.min(sessions, ENOUGH);
    const ahead = step - TRAVEL_MS;
    entry(near, from, () => []).push({ clock: to, ahead, weight });
    entry(near, to, () => []).push({ clock: from, ahead: -ahead, weight });
  }
  return near;
}

/**
 * Works out what every clock is ahead, from comparisons of pairs: first along the best compared
 * pairs, then evened out over all of them.
 */
export function solveClocks(steps: readonly ClockStep[]): readonly Clock[] {
  const near = neighboursOf(steps);
  const ahead = new Map<number, number>();
  const parts = new Map<number, number>();
  let part = 0;
  for (const start of near.keys()) {
    if (ahead.has(start)) continue;
    ahead.set(start, 0);
    parts.set(start, part);
    const queue = [start];
    for (let clock = queue.shift(); clock !== undefined; clock = queue.shift()) {
      const own = ahead.get(clock) ?? 0;
      const next = [...(near.get(clock) ?? [])].sort((a, b) => b.weight - a.weight);
      for (const each of next) {
        if (ahead.has(each.clock)) continue;
        ahead.set(each.clock, own + each.ahead);
        parts.set(each.clock, part);
        queue.push(each.clock);
      }
    }
    part++;
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [clock, others] of near) {
      let sum = 0;
      let weights = 0;
      for (const other of others) {
        if (other.clock === clock) continue;
        sum += ((ahead.get(other.clock) ?? 0) - other.ahead) * other.weight;
        weights += other.weight;
      }
      if (weights > 0) ahead.set(clock, sum / weights);
    }
  }
  return [...ahead].map(([clock, value]) => ({
    clock,
    ahead: value,
    part: parts.get(clock) ?? 0,
  }));
}

/** Compares the clocks of the hosts that logged. */
export async function readClocks(
  database: StatementRunner,
  events: number,
): Promise<readonly Clock[]> {
  const every = sampleEvery(events);
  const rows = await rowsOf(database, statementOf(clockStep, i32(every)));
  return solveClocks(
    rows.map((row) => ({
      near: numberOf(row, 'near'),
      far: numberOf(row, 'far'),
      sessions: numberOf(row, 'sessions'),
      step: numberOf(row, 'step_ms'),
    })),
  );
}
