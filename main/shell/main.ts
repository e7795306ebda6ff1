import { app, dialog } from 'electron';
import * as v from 'valibot';
import { textOf } from '../../shared/failure/failure.ts';
import { registerAppScheme } from './app-protocol.ts';
import { hardenContents } from './hardening.ts';
import { createOpenPaths } from './open-paths.ts';
import { pathsOfArguments, shellPaths } from './paths.ts';
import { startShell, type Shell } from './shell.ts';

/** As in electron-builder.yml: Windows groups windows and pins by it. */
const APP_ID = 'com.example.segwright';

const handedOver = v.strictObject({ paths: v.array(v.string()) });

// Everything up to the lock has to happen before the app is ready. Nothing here may be awaited at
// the top level: Electron becomes ready only after this module has been evaluated.
app.enableSandbox();
registerAppScheme();
hardenContents();
if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
app.setAboutPanelOptions({
  applicationName: 'Segwright',
  applicationVersion: app.getVersion(),
  copyright: 'Apache-2.0, the Segwright authors',
});

const openPaths = createOpenPaths();
const ownArguments = process.argv.slice(app.isPackaged ? 1 : 2);
const paths = pathsOfArguments(ownArguments, process.cwd());

if (app.requestSingleInstanceLock({ paths })) runOnlyInstance();
else app.quit();

function runOnlyInstance(): void {
  let shell: Shell | undefined;
  let stopped = false;
  openPaths.add(paths);

  app.on('open-file', (event, file) => {
    event.preventDefault();
    openPaths.add([file]);
    shell?.showWindow();
  });
  app.on('second-instance', (_event, _argv, _folder, additionalData) => {
    const given = v.safeParse(handedOver, additionalData);
    if (given.success) openPaths.add(given.output.paths);
    shell?.showWindow();
  });
  app.on('activate', () => {
    shell?.showWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (stopped || shell === undefined) return;
    event.preventDefault();
    void shell.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });

  app
    .whenReady()
    .then(() => {
      const page = app.isPackaged ? undefined : process.env['SEGWRIGHT_PAGE'];
      shell = startShell(shellPaths(app.getPath('userData'), page), openPaths);
    })
    .catch((thrown: unknown) => {
      dialog.showErrorBox('Segwright could not start', textOf(thrown));
      app.exit(1);
    });
}
