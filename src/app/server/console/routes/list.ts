/**
 * The routes of the console's screens, one file each.
 *
 * In:    nothing. Out: all of them. Holds: no two have the same method and path; a test names a file that is not here.
 */
import type { ConsoleRoute } from '../route.ts';
import { sqlRoutes } from './sql.ts';

export const CONSOLE_ROUTES: readonly ConsoleRoute[] = [...sqlRoutes];
