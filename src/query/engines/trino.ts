/**
 * Trino over a table of records.
 *
 * In:    a server and a table there. Out: an engine.
 * Holds: as remote.ts and trino-client.ts.
 */
import { TRINO } from '../dialect.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { ofRange } from './remote.ts';
import type { Remote } from './remote.ts';
import { tableName } from './remote-table.ts';
import { askTrino } from './trino-client.ts';
import type { TrinoServer } from './trino-client.ts';

/**
 * Trino, for `remoteEngine`.
 *
 * @param table  `catalog.schema.table`
 */
export function trino(server: TrinoServer, table: string, range: TimeRange | null): Remote {
  return {
    name: 'trino',
    dialect: ofRange(TRINO, range),
    table: tableName(table, 3),
    range,
    async ask(sql, signal) {
      const rows = await askTrino(server, sql, signal);
      return { ...rows, bytesScanned: () => rows.stats().physicalInputBytes };
    },
  };
}
