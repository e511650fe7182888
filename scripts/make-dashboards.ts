/**
 * Makes the dashboards of deploy/dashboards/ from src/watch/dashboards/: `bin/node scripts/make-dashboards.ts`.
 *
 * In:    the boards. Out: files to import. Holds: a test compares files and boards, so neither is ahead of the other.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grafanaDashboard } from '../src/watch/dashboards/grafana.ts';
import { savedObjects } from '../src/watch/dashboards/saved-objects.ts';
import { ROOT } from './files.ts';

/** Text by name of file. */
export function dashboardFiles(): Readonly<Record<string, string>> {
  return {
    'opensearch-dashboards.ndjson': savedObjects('opensearch-dashboards'),
    'kibana.ndjson': savedObjects('kibana'),
    'grafana.json': grafanaDashboard(),
  };
}

if (import.meta.main) {
  const folder = join(ROOT, 'deploy/dashboards');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(dashboardFiles())) writeFileSync(join(folder, name), text);
}
