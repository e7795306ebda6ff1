import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import type { MenuItemView } from './control.ts';
import { strict, violation } from './state.ts';

/** https://www.electronjs.org/docs/latest/api/menu-item#roles */
const ROLES = new Set(
  [
    'undo redo cut copy paste pasteAndMatchStyle selectAll delete minimize close quit reload forceReload',
    'toggleDevTools togglefullscreen resetZoom zoomIn zoomOut toggleSpellChecker fileMenu editMenu viewMenu',
    'windowMenu appMenu about hide hideOthers unhide startSpeaking stopSpeaking front zoom toggleTabBar',
    'selectNextTab selectPreviousTab showAllTabs mergeAllWindows moveTabToNewWindow window help services',
    'recentDocuments clearRecentDocuments shareMenu',
  ]
    .join(' ')
    .split(' '),
);

/** https://www.electronjs.org/docs/latest/tutorial/keyboard-shortcuts#accelerators */
const MODIFIER =
  /^(Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl|Alt|Option|AltGr|Shift|Super|Meta)$/i;
const KEY =
  /^([0-9A-Z]|F([1-9]|1\d|2[0-4])|Plus|Space|Tab|Backspace|Delete|Insert|Return|Enter|Up|Down|Left|Right|Home|End|PageUp|PageDown|Escape|Esc|[!-/:-@[-`{-~])$/i;

interface Template {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly Template[];
  readonly click?: (item: MenuItem, window: unknown, event: unknown) => void;
}

/** An entry of a menu. */
interface MenuItem {
  readonly id: string | undefined;
  readonly template: Template;
  readonly submenu: BuiltMenu | undefined;
  click(): void;
}

interface BuiltMenu {
  readonly items: readonly MenuItem[];
  getMenuItemById(id: string): MenuItem | null;
}

let applicationMenu: BuiltMenu | null = null;

function build(templates: readonly Template[]): BuiltMenu {
  const items = templates.map(buildItem);
  return {
    items,
    getMenuItemById(id) {
      for (const item of items) {
        const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
        if (found) return found;
      }
      return null;
    },
  };
}

function buildItem(template: Template): MenuItem {
  const { id, label, role, type, accelerator, submenu, click } = template;
  if (role !== undefined && !ROLES.has(role)) violation(`unknown menu role ${role}`);
  if (accelerator !== undefined) checkAccelerator(accelerator);
  if (role === undefined && type !== 'separator' && label === undefined)
    violation('a menu item has neither label nor role');
  const item: MenuItem = {
    id,
    template,
    submenu: submenu === undefined ? undefined : build(submenu),
    click() {
      if (click !== undefined) click(item, BrowserWindow.getFocusedWindow(), {});
      else if (role === 'quit') app.quit();
      else if (role === 'reload') BrowserWindow.getFocusedWindow()?.webContents.reload();
    },
  };
  return item;
}

function checkAccelerator(accelerator: string): void {
  const parts = accelerator.split('+');
  const key = parts.pop() ?? '';
  if (!KEY.test(key) || !parts.every((part) => MODIFIER.test(part)))
    violation(`invalid accelerator ${accelerator}`);
}

/** The application menu, for the test to look at. */
export function menuView(menu: BuiltMenu | null = applicationMenu): readonly MenuItemView[] {
  return (menu?.items ?? []).map(({ template, submenu }) => ({
    id: template.id ?? null,
    label: template.label ?? '',
    role: template.role ?? null,
    accelerator: template.accelerator ?? null,
    submenu: menuView(submenu ?? null),
  }));
}

/** Clicks an item of the application menu. */
export function clickMenu(id: string): void {
  const item = applicationMenu?.getMenuItemById(id);
  if (item) item.click();
  else throw new Error(`The menu has no item "${id}".`);
}

/** The class `Menu`, of which only the static part is used. */
export const Menu = strict('Menu', {
  buildFromTemplate: build,
  setApplicationMenu(menu: BuiltMenu | null): void {
    applicationMenu = menu;
  },
  getApplicationMenu: () => applicationMenu,
});
