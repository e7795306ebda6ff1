import type { Box, Point } from './geometry.ts';

/** How far beside an obstacle a line passes, in pixels. */
const CLEARANCE = 16;
const MOST_BEND = 300;

/** A line that cuts off no more than this much of a corner may stay straight, in pixels. */
const GRAZE = 8;

/** Corners of a box relative to a line: how far along it (0 to 1) and how far beside it. */
function cornersAlong(box: Box, from: Point, along: Point, length: number) {
  return [-1, 1].flatMap((sideX) =>
    [-1, 1].map((sideY) => {
      const x = box.x + (sideX * box.width) / 2 - from.x;
      const y = box.y + (sideY * box.height) / 2 - from.y;
      return { at: (x * along.x + y * along.y) / length, beside: -x * along.y + y * along.x };
    }),
  );
}

/**
 * How far the middle control point of a line must stand beside it, so that the line bends around
 * what lies between its ends; `rest` where nothing does. Positive is to the right of the way
 * (clockwise on the screen).
 */
export function bendAround(from: Box, to: Box, obstacles: readonly Box[], rest: number): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return rest;
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  let right = 0;
  let left = 0;
  for (const box of obstacles) {
    const corners = cornersAlong(box, from, along, length);
    const besides = corners.map((corner) => corner.beside);
    const ats = corners.map((corner) => corner.at);
    const crosses = Math.min(...besides) < -GRAZE && Math.max(...besides) > GRAZE;
    const between = Math.max(...ats) > 0.08 && Math.min(...ats) < 0.92;
    if (!crosses || !between) continue;
    right = Math.max(right, Math.max(...besides) + CLEARANCE);
    left = Math.min(left, Math.min(...besides) - CLEARANCE);
  }
  if (right === 0 && left === 0) return rest;
  // The middle of a quadratic curve stands half as far out as its control point.
  const bend = 2 * (right <= -left ? right : left);
  return Math.abs(bend) > Math.min(MOST_BEND, length * 0.9) ? rest : bend;
}
