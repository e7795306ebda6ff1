import type { Command } from './command.ts';
import type { ThemeState } from './theme-state.svelte.ts';
import { VIEWS, type View, type Workbench } from './workbench.svelte.ts';

/** What each screen is called and opened with. */
export const VIEW_LABELS: Readonly<Record<View, { readonly label: string; readonly key: string }>> =
  {
    open: { label: 'Open', key: 'o' },
    map: { label: 'Map', key: 'g' },
    inventory: { label: 'Inventory', key: 'v' },
    flows: { label: 'Flows', key: 'l' },
    charts: { label: 'Charts', key: 'h' },
    rules: { label: 'Rules', key: 'r' },
    check: { label: 'Check', key: 'k' },
    export: { label: 'Export', key: 'e' },
  };

/** Keys that belong to one screen and are shown in the list of keys only. */
export const SCREEN_KEYS: readonly { readonly keys: string; readonly label: string }[] = [
  { keys: 'f', label: 'Map: fit everything into view' },
  { keys: 'Ctrl+F', label: 'Map: find a node (Enter: the next)' },
  { keys: 'c', label: 'Map: connect the selected node, to draw a rule' },
  { keys: 'x', label: 'Map: fold or open the selected node (or double-click)' },
  { keys: '+ / -', label: 'Map: zoom (timeline: narrow or widen the window)' },
  { keys: '← / →', label: 'Timeline: move the window' },
  { keys: 'PageUp / PageDown', label: 'Timeline: move along time where it is zoomed' },
  { keys: 'z / Home', label: 'Timeline: zoom to the window, and back to all time' },
  { keys: 'Space', label: 'Timeline: play the window' },
  { keys: 'Enter', label: 'Timeline: show the lines of the window' },
  { keys: 'Enter or A', label: 'Inventory: accept the selected findings' },
  { keys: 'Delete or X', label: 'Inventory: reject the selected findings' },
  { keys: 'F2', label: 'Inventory: rename the selected finding' },
  { keys: 'Alt+click', label: 'Flows, Charts: exclude the value clicked on' },
  { keys: 'Ctrl+Enter', label: 'SQL: run the question' },
  { keys: 'Ctrl+C', label: 'Flows: copy the focused row, or all that are marked, as CSV' },
  { keys: 'Shift / Ctrl+click', label: 'Flows: mark several rows (or Shift+↑ / ↓, Ctrl+Space)' },
  { keys: 'Alt+↑ / Alt+↓', label: 'Rules: move the selected rule' },
  { keys: 'Delete', label: 'Rules: remove the selected rule' },
  { keys: '[ / ]', label: 'Rules: previous or next suggestion' },
  { keys: 'a / x', label: 'Rules: accept or reject the suggestion' },
  { keys: 'A', label: 'Rules: accept all suggestions' },
];

const THEME_LABELS = { light: 'light', dark: 'dark', system: "the system's" } as const;

function themeCommands(theme: ThemeState, fail: (thrown: unknown) => void): readonly Command[] {
  return (['light', 'dark', 'system'] as const).map((choice) => ({
    id: `theme-${choice}`,
    label: `Use ${THEME_LABELS[choice]} theme`,
    keys: null,
    enabled: theme.choice !== choice,
    run: () => void theme.choose(choice).catch(fail),
  }));
}

/** All commands as they stand now. */
export function listCommands(
  workbench: Workbench,
  openArchives: () => void,
  startTour: () => void,
): readonly Command[] {
  const { filter, history, platform, theme, toasts } = workbench;
  const { chooseProject } = platform;
  const undo = history.state?.undo ?? null;
  const redo = history.state?.redo ?? null;
  const always = { enabled: true };
  const projectCommands: readonly Command[] =
    chooseProject === undefined
      ? []
      : [
          {
            id: 'open-project',
            label: 'Open project…',
            keys: null,
            ...always,
            run: () =>
              void chooseProject().then((path) =>
                path === null ? undefined : workbench.openProject(path),
              ),
          },
        ];
  return [
    { id: 'open-archive', label: 'Choose archives…', keys: null, ...always, run: openArchives },
    ...projectCommands,
    ...VIEWS.map((view) => ({
      id: `show-${view}`,
      label: `Show ${VIEW_LABELS[view].label}`,
      keys: VIEW_LABELS[view].key,
      ...always,
      run: () => {
        workbench.show(view);
      },
    })),
    {
      id: 'show-sql',
      label: 'Ask in SQL',
      keys: 'q',
      enabled: workbench.loaded,
      run: () => {
        workbench.show('flows');
        workbench.isSql = true;
      },
    },
    {
      id: 'focus-filter',
      label: 'Edit the filter',
      keys: '/',
      ...always,
      run: () => {
        document.getElementById('filter-text')?.focus();
      },
    },
    {
      id: 'clear-filter',
      label: 'Clear the filter and the time window',
      keys: null,
      enabled: filter.active,
      run: () => {
        filter.clear();
      },
    },
    {
      id: 'export-picture',
      label: 'Export a picture of the map…',
      keys: null,
      enabled: workbench.loaded,
      run: () => {
        workbench.askPicture();
      },
    },
    {
      id: 'import-ruleset',
      label: 'Import a ruleset of NSX, Terraform or Segwright…',
      keys: null,
      ...always,
      run: () => {
        workbench.askImport();
      },
    },
    {
      id: 'back',
      label: 'Back to what was shown before',
      keys: 'Alt+←',
      enabled: workbench.trail.canGoBack,
      run: () => {
        workbench.trail.back();
      },
    },
    {
      id: 'forward',
      label: 'Forward again',
      keys: 'Alt+→',
      enabled: workbench.trail.canGoForward,
      run: () => {
        workbench.trail.forward();
      },
    },
    {
      id: 'undo',
      label: undo === null ? 'Undo' : `Undo: ${undo}`,
      keys: 'Ctrl+Z',
      enabled: undo !== null,
      run: () => void history.undo(),
    },
    {
      id: 'redo',
      label: redo === null ? 'Redo' : `Redo: ${redo}`,
      keys: 'Ctrl+Shift+Z',
      enabled: redo !== null,
      run: () => void history.redo(),
    },
    {
      id: 'toggle-inspector',
      label: workbench.inspectorOpen ? 'Hide the inspector' : 'Show the inspector',
      keys: 'i',
      ...always,
      run: () => {
        workbench.inspectorOpen = !workbench.inspectorOpen;
      },
    },
    ...workbench.screenCommands,
    ...themeCommands(theme, (thrown) => {
      toasts.fail(thrown);
    }),
    {
      id: 'preferences',
      label: 'Preferences…',
      keys: 'Ctrl+,',
      ...always,
      run: () => {
        workbench.overlay = 'preferences';
      },
    },
    {
      id: 'tour',
      label: 'Take the guided tour over the sample',
      keys: null,
      enabled: workbench.recent.sample !== null,
      run: startTour,
    },
    {
      id: 'about',
      label: 'About Segwright, and licences',
      keys: null,
      ...always,
      run: () => {
        workbench.overlay = 'about';
      },
    },
    {
      id: 'keys',
      label: 'Show the keys',
      keys: '?',
      ...always,
      run: () => {
        workbench.overlay = 'keys';
      },
    },
  ];
}
