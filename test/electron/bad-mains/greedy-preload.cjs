const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('bad', {
  echo: (value) => value,
  fail: () => ipcRenderer.invoke('fail'),
  send: (value) => ipcRenderer.invoke('fail', value),
});
require('fs');
