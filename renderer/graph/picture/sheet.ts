import type { Project } from '../../../shared/domain/archive.ts';
import { formatFilter, type FlowFilter, type TimeWindow } from '../../../shared/domain/filter.ts';
import type { Graph } from '../../../shared/domain/graph.ts';
import { baseName, formatWindow, plural } from '../../ui/format.ts';
import type { Overlay } from '../canvas/elements.ts';
import { legendOf } from '../legend.ts';
import type { Sheet } from './compose.ts';

/** What a picture tells besides the map: which project, when, under which filter, and how much. */
export function sheetOf(
  title: string,
  project: Project,
  { terms, window }: FlowFilter,
  graph: Graph,
  overlay: Overlay,
  zone: string,
  against: TimeWindow | null,
): Sheet {
  const span = window ?? project.window;
  const sessions = graph.edges.reduce((sum, edge) => sum + edge.sessions, 0);
  const time =
    span === null
      ? 'No time window.'
      : `${window === null ? 'All time' : 'Time window'}: ${formatWindow(span)} ${zone}.`;
  return {
    title,
    notes: [
      time,
      ...(against === null ? [] : [`Compared with: ${formatWindow(against)} ${zone}.`]),
      terms.length === 0 ? 'No filter.' : `Filter: ${formatFilter(terms)}`,
      `${plural(graph.nodes.length, 'node')}, ${plural(graph.edges.length, 'link')}, ${plural(sessions, 'session')} on links.`,
    ],
    legend: legendOf(overlay),
  };
}

/** What a picture of a project is called until the user says otherwise. */
export function defaultTitle(project: Project): string {
  return baseName(project.path).replace(/\.segw$/i, '');
}

/** The name of a picture's file: its title without what file systems refuse. */
export function pictureName(title: string, ending: 'svg' | 'png'): string {
  const stem = title
    .replaceAll(/[^\p{Letter}\p{Number}._ -]+/gu, '-')
    .replaceAll(/^[.\s-]+|[.\s-]+$/g, '')
    .slice(0, 80);
  return `${stem === '' ? 'map' : stem}.${ending}`;
}
