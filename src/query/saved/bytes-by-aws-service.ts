/**
 * How much went to and came from services of AWS, by the ranges that AWS publishes.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByAwsService: SavedQuery = {
  name: 'bytes-by-aws-service',
  meaning: 'services of AWS with the bytes sent to them and received from them, most bytes first',
  needsFields: ['pkt-src-aws-service', 'pkt-dst-aws-service', 'packets', 'bytes'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT aws_service, sum(sent + received) AS bytes, sum(sent) AS bytes_sent, sum(received) AS bytes_received,
      sum(packets) AS packets, count(*) AS flows
    FROM (
      SELECT pkt_dst_aws_service AS aws_service, coalesce(bytes, 0) AS sent, 0 AS received, packets
      FROM ${d.table}
      UNION ALL
      SELECT pkt_src_aws_service AS aws_service, 0 AS sent, coalesce(bytes, 0) AS received, packets
      FROM ${d.table}
    ) AS ends
    WHERE ${IS_TRAFFIC} AND aws_service IS NOT NULL
    GROUP BY aws_service
    ORDER BY bytes DESC, aws_service
    LIMIT ${d.parameter('limit')}`,
};
