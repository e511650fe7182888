/**
 * What DuckDB needs of the machine: that its native module loads.
 *
 * In:    nothing. Out: the need that `doctor` prints.
 * Holds: it is tried: a database in memory is opened and asked for its version.
 */
import type { Need, NeedFound } from '../../model/needs.ts';

async function look(): Promise<NeedFound> {
  try {
    const { openDuck } = await import('./duck.ts');
    const duck = await openDuck();
    try {
      const [[version] = []] = await duck.all('SELECT version()');
      return { met: true, found: `DuckDB ${String(version)}`, get: null };
    } finally {
      await duck.close();
    }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { met: false, found, get: 'npm ci, on Linux with glibc, macOS or Windows' };
  }
}

/** What answers of any kind rest on. */
export const needs: readonly Need[] = [{ name: 'DuckDB', gives: 'queries', neededFor: ['up', 'query', 'tests'], look }];
