/**
 * How much the tasks of each ECS service carried. Tasks that no service started are one row of their cluster.
 *
 * In:    `flow_logs`. Out: the columns of the SELECT.
 * Holds: order and limit as below, ties broken, so that the same records give the same answer.
 * Fails: never; what it needs is checked before it is asked.
 */

import { IS_TRAFFIC, rejected, volume } from '../measures.ts';
import type { SavedQuery } from '../saved-query.ts';
import { limit } from '../saved-query.ts';

export const bytesByEcsService: SavedQuery = {
  name: 'bytes-by-ecs-service',
  meaning: 'ECS services with the bytes of their tasks, most bytes first',
  needsFields: ['ecs-cluster-name', 'ecs-service-name', 'ecs-task-id', 'packets', 'bytes', 'action'],
  parameters: { limit: limit(50) },
  sql: (d) => `
    SELECT ecs_cluster_name, ecs_service_name, ${volume(d)}, ${rejected(d)}, count(DISTINCT ecs_task_id) AS tasks
    FROM ${d.table}
    WHERE ${IS_TRAFFIC} AND ecs_cluster_name IS NOT NULL
    GROUP BY ecs_cluster_name, ecs_service_name
    ORDER BY bytes DESC, ecs_cluster_name, ecs_service_name
    LIMIT ${d.parameter('limit')}`,
};
