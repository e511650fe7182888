/**
 * The capture as a child of the program that reads it, with that program's rights.
 *
 * In:    commands over its channel. Out: what `Told` lists.
 * Holds: it is in a process group of its own, so that Ctrl-C does not reach it. It ends with tcpdump, and when its parent is gone.
 */
import { fileURLToPath } from 'node:url';
import type { Told } from './commands.ts';
import { CaptureServer } from './serve-capture.ts';

/** This file: what to start as the child. */
export const childFile: string = fileURLToPath(import.meta.url);

function serve(): void {
  const tell = (told: Told, sent: () => void = () => {}): void => {
    if (process.connected) process.send!(told, undefined, undefined, sent);
    else sent();
  };
  const capture = new CaptureServer(tell, () => process.exit(0));
  process.on('message', (message) => capture.command(message));
  process.on('disconnect', () => capture.abandoned());
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  tell({ is: 'ready' });
}

if (import.meta.main) serve();
