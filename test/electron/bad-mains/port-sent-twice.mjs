import { app, MessageChannelMain } from 'electron';

void app.whenReady().then(() => {
  const { port1 } = new MessageChannelMain();
  const other = new MessageChannelMain();
  other.port1.postMessage(null, [port1]);
  other.port1.postMessage(null, [port1]);
});
