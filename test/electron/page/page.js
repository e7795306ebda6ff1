/** The smallest page that uses every verb of `window.segwright`; tests read `window.seen`. */
const { segwright } = globalThis;
const seen = { commands: [], paths: [], sentences: [], ports: 0, closes: 0 };
const calls = new Map();
let port;
let lastId = 0;

globalThis.addEventListener('message', (event) => {
  if (event.source !== globalThis || event.data?.segwright !== 'engine-port') return;
  [port] = event.ports;
  seen.ports += 1;
  port.onmessage = ({ data }) => {
    calls.get(data.id)?.(data);
    calls.delete(data.id);
  };
  port.addEventListener('close', () => {
    seen.closes += 1;
    segwright.connectEngine();
  });
});

function call(name, args = {}) {
  lastId += 1;
  port.postMessage({ kind: 'call', id: lastId, name, args });
  return new Promise((resolve) => {
    calls.set(lastId, resolve);
  });
}

segwright.onMenuCommand((command) => seen.commands.push(command));
segwright.onOpenPaths((paths) => seen.paths.push(...paths));
segwright.onEngineRestarted((sentence) => seen.sentences.push(sentence));
segwright.connectEngine();

Object.assign(globalThis, { seen, call });
