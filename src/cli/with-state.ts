/**
 * Opens the state file of a data directory for one piece of work.
 *
 * In:    the directory. Out: what the work gives. Holds: the file is closed whatever comes. Fails: FG_STATE_*.
 */
import type { StateFile } from '../storage/state/state-file.ts';

/** @param make  true makes directory and file where they are not */
export async function withState<T>(
  data: string,
  make: boolean,
  work: (state: StateFile) => T | Promise<T>,
): Promise<T> {
  const { openState, statePath } = await import('../storage/state/state-file.ts');
  if (make) {
    const [{ mkdirSync }, { fileFailure }] = await Promise.all([
      import('node:fs'),
      import('../storage/object/file-errors.ts'),
    ]);
    try {
      mkdirSync(data, { recursive: true });
    } catch (error) {
      throw fileFailure(error, data);
    }
  }
  const state = openState(statePath(data), make);
  try {
    return await work(state);
  } finally {
    state.close();
  }
}
