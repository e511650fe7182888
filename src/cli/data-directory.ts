/**
 * Where everything is kept when no option says so.
 *
 * In:    the environment. Out: the default of the option that names the data directory, the same for every verb.
 * Holds: `FLOWGAUGE_DATA` names it, else it is `./flowgauge-data`; the option is stronger than both. Empty is not set.
 */
import type { Option } from 'commander';

const NAME = 'FLOWGAUGE_DATA';

/** Gives the option its default, and says in its help where that comes from. */
export function dataDirectory(option: Option): Option {
  option.default(process.env[NAME] || './flowgauge-data');
  option.description += ` (env: ${NAME})`;
  return option;
}

/** Where a lab is when no option says so: `FLOWGAUGE_LAB`, else `./flowgauge-lab`. */
export const LAB_DIRECTORY = './flowgauge-lab';
export const labDirectory = (): string => process.env['FLOWGAUGE_LAB'] || LAB_DIRECTORY;
