/**
 * The routes of the console's screens, one file each.
 *
 * In:    nothing. Out: all of them. Holds: no two have the same method and path; a test names a file that is not here.
 */
import type { ConsoleRoute } from '../route.ts';
import { EXPLAIN_ROUTES } from './explain.ts';
import { exploreRoute } from './explore.ts';
import { FINDING_ROUTES } from './findings.ts';
import { FLOW_LOG_ROUTES } from './flow-logs.ts';
import { FORMAT_ROUTES } from './formats.ts';
import { heldFieldsRoute } from './held-fields.ts';
import { liveRejectsRoute } from './live-rejects.ts';
import { nowRoute } from './now.ts';
import { PROVE_ROUTES } from './prove.ts';
import { recordsRoute } from './records.ts';
import { STORAGE_ROUTES } from './storage.ts';
import { topologyRoute } from './topology.ts';
import { sqlRoutes } from './sql.ts';
import { valuesRoute } from './values.ts';
import { listViewsRoute, removeViewRoute, saveViewRoute } from './views.ts';

export const CONSOLE_ROUTES: readonly ConsoleRoute[] = [
  ...EXPLAIN_ROUTES,
  ...PROVE_ROUTES,
  nowRoute,
  liveRejectsRoute,
  exploreRoute,
  recordsRoute,
  heldFieldsRoute,
  valuesRoute,
  listViewsRoute,
  saveViewRoute,
  removeViewRoute,
  ...FINDING_ROUTES,
  ...FLOW_LOG_ROUTES,
  ...FORMAT_ROUTES,
  ...STORAGE_ROUTES,
  topologyRoute,
  ...sqlRoutes,
];
