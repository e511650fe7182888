/**
 * How much traffic was encrypted in transit, and by what. VPCs without encryption controls say nothing.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByEncryption: SavedQuery = {
  name: 'bytes-by-encryption',
  meaning: 'states of encryption with their bytes, most bytes first',
  needsFields: ['encryption-status', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT encryption_status, ${d.encryptionName('encryption_status')} AS encryption, ${volume(d)}
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND encryption_status IS NOT NULL
    GROUP BY encryption_status
    ORDER BY bytes DESC, encryption_status
    LIMIT ${d.parameter('limit')}`,
};
