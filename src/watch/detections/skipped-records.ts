/**
 * The flow log itself lost records: what it did not see, nobody can tell.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { NO_TRAFFIC } from '../told-conversations.ts';

export const skippedRecords: QueryDetection = {
  name: 'skipped-records',
  severity: 'low',
  meaning:
    'At least ten windows of an interface on one day say SKIPDATA: records were lost before they were delivered.',
  falsePositives: 'None: it tells of the flow log, not of traffic.',
  technique: null,
  subject: ['interface_id'],
  query: watchQuery({
    name: 'skipped-records',
    meaning: 'interfaces whose flow log lost records, most windows of a day first',
    parameters: { least: least('windows of a day at least', 10) },
    needsFields: ['interface-id', 'start', 'end', 'log-status'],
    body: (d) => `
    SELECT interface_id, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds, sum(skipped) AS windows_skipped
    FROM fg_hours
    GROUP BY interface_id, ${d.whole('hour', '24')}
    HAVING sum(skipped) >= ${d.parameter('least')}
    ORDER BY windows_skipped DESC, interface_id`,
  }),
  fires: Array.from({ length: 12 }, (_, at) => ({
    ...NO_TRAFFIC,
    log_status: 'SKIPDATA',
    start: at * 60,
    end: at * 60 + 59,
  })),
  stays: [
    ...Array.from({ length: 3 }, (_, at) => ({
      ...NO_TRAFFIC,
      log_status: 'SKIPDATA',
      start: at * 60,
      end: at * 60 + 59,
    })),
    ...Array.from({ length: 90 }, (_, at) => ({
      ...NO_TRAFFIC,
      log_status: 'NODATA',
      start: at * 60,
      end: at * 60 + 59,
    })),
  ],
};
