import { MessageChannel } from 'node:worker_threads';
import type { OpenProgress } from '../../shared/domain/archive.ts';

const REPORTS = 20_000;

/**
 * Processor seconds that one progress message takes to be made, sent through a port and received,
 * as between an engine and its window.
 */
export async function progressCost(): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const received = new Promise<void>((resolve) => {
    let count = 0;
    port2.on('message', () => {
      if (++count === REPORTS) resolve();
    });
  });
  const cpuBefore = process.cpuUsage();
  for (let lines = 0; lines < REPORTS; lines++) {
    const progress: OpenProgress = {
      kind: 'open',
      path: `/archives/bundle.zip!esx-${lines}/dfwpktlogs.log`,
      doneBytes: lines,
      totalBytes: REPORTS,
      lines,
      events: lines,
      rejects: 0,
      elapsedMs: lines,
    };
    port1.postMessage({ kind: 'progress', id: 1, progress });
  }
  await received;
  const cpu = process.cpuUsage(cpuBefore);
  port1.close();
  return (cpu.user + cpu.system) / 1e6 / REPORTS;
}
