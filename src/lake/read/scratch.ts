/**
 * A directory for one question, that goes with it.
 *
 * In:    nothing. Out: its path, on a disk where there is one; only the user may look into it.
 * Holds: it is taken away when the question is done, and with the program where that leaves at once, as by Ctrl-C.
 * Fails: with the system's error when it cannot be taken away.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spillDirectory } from '../../storage/duck/memory.ts';

/** Those of this process that are in use. */
const used = new Set<string>();

/** A new one. */
export function scratchDirectory(): { readonly path: string; remove(): Promise<void> } {
  const path = join(spillDirectory(), `flowgauge-query-${process.pid}-${randomBytes(4).toString('hex')}`);
  if (used.size === 0) process.on('exit', removeAll);
  used.add(path);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // Where it cannot be made, what needs it says so.
  }
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      if (used.delete(path) && used.size === 0) process.off('exit', removeAll);
    },
  };
}

function removeAll(): void {
  for (const path of used) rmSync(path, { recursive: true, force: true });
}
