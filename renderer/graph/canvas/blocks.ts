import type { GraphNode } from '../../../shared/domain/graph.ts';
import { sizeOf, type Point } from './geometry.ts';

/** A piece of the map whose size is known and whose place is not yet. */
export interface Block {
  readonly width: number;
  readonly height: number;
  /** Puts the piece with its upper left corner there. */
  readonly place: (left: number, top: number) => void;
}

/** A node that holds no others; placing it writes its place down. */
export function leafBlock(node: GraphNode, positions: Map<string, Point>): Block {
  const { width, height } = sizeOf(node);
  return {
    width,
    height,
    place(left, top) {
      positions.set(node.id, { x: Math.round(left + width / 2), y: Math.round(top + height / 2) });
    },
  };
}

/** Pieces side by side, level with each other. */
export function rowBlock(blocks: readonly Block[], gap: number): Block {
  const width = blocks.reduce((sum, block) => sum + block.width, 0) + gap * (blocks.length - 1);
  const height = Math.max(0, ...blocks.map((block) => block.height));
  return {
    width: Math.max(0, width),
    height,
    place(left, top) {
      let at = left;
      for (const block of blocks) {
        block.place(at, top + (height - block.height) / 2);
        at += block.width + gap;
      }
    },
  };
}

/** Pieces one under the other. */
export function stackBlock(blocks: readonly Block[], gap: number): Block {
  const width = Math.max(0, ...blocks.map((block) => block.width));
  const height = blocks.reduce((sum, block) => sum + block.height, 0) + gap * (blocks.length - 1);
  return {
    width,
    height: Math.max(0, height),
    place(left, top) {
      let at = top;
      for (const block of blocks) {
        block.place(left + (width - block.width) / 2, at);
        at += block.height + gap;
      }
    },
  };
}

/** Pieces in rows of equal cells. */
export function gridBlock(blocks: readonly Block[], columns: number, gap: number): Block {
  const cellWidth = Math.max(0, ...blocks.map((block) => block.width));
  const cellHeight = Math.max(0, ...blocks.map((block) => block.height));
  const used = Math.min(columns, blocks.length);
  const rows = Math.ceil(blocks.length / Math.max(1, columns));
  return {
    width: used * cellWidth + (used - 1) * gap,
    height: rows * cellHeight + (rows - 1) * gap,
    place(left, top) {
      blocks.forEach((block, at) => {
        const column = at % columns;
        const row = Math.floor(at / columns);
        block.place(
          left + column * (cellWidth + gap) + (cellWidth - block.width) / 2,
          top + row * (cellHeight + gap) + (cellHeight - block.height) / 2,
        );
      });
    },
  };
}

/** A piece with room around it. */
export function pad(block: Block, padding: number): Block {
  return {
    width: block.width + 2 * padding,
    height: block.height + 2 * padding,
    place: (left, top) => {
      block.place(left + padding, top + padding);
    },
  };
}
