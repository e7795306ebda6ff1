import type { Command } from '../app/command.ts';
import type { MapCanvas } from './canvas/canvas.ts';
import type { GraphState } from './graph-state.svelte.ts';

/** What can be done on the map by palette, as things stand now. */
export function mapCommands(
  map: GraphState,
  canvas: MapCanvas,
  find: () => void,
): readonly Command[] {
  const isDrawn = map.nodes.length > 0;
  const { selectedId } = map;
  const isHolder = selectedId !== null && map.holders.has(selectedId);
  const isFolded = selectedId !== null && map.folded.has(selectedId);
  const command = (
    id: string,
    label: string,
    keys: string | null,
    enabled: boolean,
    run: () => void,
  ) => ({ id: `map-${id}`, label: `Map: ${label}`, keys, enabled: isDrawn && enabled, run });
  return [
    command('find', 'find a node…', 'Ctrl+F', true, find),
    command(
      'fold',
      isFolded ? 'open the selected node' : 'fold the selected node',
      'x',
      isHolder,
      () => {
        if (selectedId !== null) map.toggleFold(selectedId);
      },
    ),
    command('fold-all', 'fold everything', null, map.holders.size > 0, () => {
      map.foldAll(true);
    }),
    command('open-all', 'open everything', null, map.folded.size > 0, () => {
      map.foldAll(false);
    }),
    command('tidy', 'lay out anew', null, true, () => {
      map.tidy();
      canvas.fit();
    }),
    command('fit', 'fit everything into view', 'f', true, () => {
      canvas.fit();
    }),
  ];
}
