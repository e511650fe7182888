/**
 * The version of this program.
 *
 * In:    package.json of the clone or the package. Out: its version.
 * Fails: never; the file is part of the program.
 */
import { readFileSync } from 'node:fs';

export const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string };
