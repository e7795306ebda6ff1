import type { OpenProgress } from '../../shared/domain/archive.ts';
import { formatCount, printable } from './output.ts';

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Progress in one line: how far, how fast, how long still. */
export function progressText(progress: OpenProgress): string {
  const { doneBytes, totalBytes, lines, elapsedMs } = progress;
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  const seconds = elapsedMs / 1000;
  const parts = [`${Math.floor(share * 100)}%`, `${formatCount(lines)} lines`];
  if (seconds > 0) parts.push(`${formatCount(Math.round(lines / seconds))} lines/s`);
  if (share > 0 && seconds >= 1) {
    parts.push(`${formatSeconds((seconds * (1 - share)) / share)} left`);
  }
  return parts.join(', ');
}

/** A line on a terminal that is written over and over. */
export interface ProgressLine {
  show(progress: OpenProgress): void;
  /** Wipes the line. */
  clear(): void;
}

/** Shows progress on standard error where that is a terminal, else nothing. */
export function createProgressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shown = false;
  const write = (text: string) => stream.write(`\r${text}\u001b[K`);
  return {
    show(progress) {
      if (!stream.isTTY) return;
      const name = printable(progress.path.split(/[/\\]/).at(-1) ?? '');
      const text = `${progressText(progress)}  ${name}`;
      write(text.slice(0, Math.max(20, stream.columns) - 1));
      shown = true;
    },
    clear() {
      if (shown) write('');
      shown = false;
    },
  };
}
