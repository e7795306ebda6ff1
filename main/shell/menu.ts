import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/ipc/shell-contract.ts';

/** What the menu asks for. */
export interface MenuActions {
  /** A command the page carries out. */
  readonly command: (command: MenuCommand) => void;
  readonly openFolder: () => void;
}

/** Puts the application menu in place. */
export function installMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(actions)));
}

function template(actions: MenuActions): MenuItemConstructorOptions[] {
  const item = (command: MenuCommand, label: string, accelerator?: string) => ({
    id: command,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      actions.command(command);
    },
  });
  const separator = { type: 'separator' } as const;
  const onMac = process.platform === 'darwin';

  return [
    ...(onMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('open-archive', 'Open archive…', 'CmdOrCtrl+O'),
        { id: 'open-folder', label: 'Open folder…', click: actions.openFolder },
        item('open-project', 'Open project…', 'Shift+CmdOrCtrl+O'),
        separator,
        item('export', 'Export…', 'CmdOrCtrl+E'),
        item('export-picture', 'Export picture of the map…'),
        separator,
        onMac ? { role: 'close' } : { role: 'quit', label: 'Quit', accelerator: 'CmdOrCtrl+Q' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('undo', 'Undo', 'CmdOrCtrl+Z'),
        item('redo', 'Redo', 'Shift+CmdOrCtrl+Z'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        item('preferences', 'Preferences…', 'CmdOrCtrl+,'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('show-open', 'Open', 'CmdOrCtrl+1'),
        item('show-map', 'Map', 'CmdOrCtrl+2'),
        item('show-inventory', 'Inventory', 'CmdOrCtrl+3'),
        item('show-flows', 'Flows', 'CmdOrCtrl+4'),
        item('show-charts', 'Charts', 'CmdOrCtrl+5'),
        item('show-rules', 'Rules', 'CmdOrCtrl+6'),
        item('show-check', 'Check', 'CmdOrCtrl+7'),
        item('show-export', 'Export', 'CmdOrCtrl+8'),
        separator,
        item('palette', 'Commands…', 'CmdOrCtrl+K'),
        item('toggle-theme', 'Light or dark'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        separator,
        { role: 'reload' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    {
      role: 'help',
      submenu: [
        item('tour', 'Guided tour over the sample'),
        item('keys', 'Keys'),
        separator,
        item('about', 'About Segwright, and licences'),
      ],
    },
  ];
}
