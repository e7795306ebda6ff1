import { ipcMain } from 'electron';

ipcMain.handle('ask', () => 1);
ipcMain.handle('ask', () => 2);
