/**
 * The internet reaches a database.
 */
import type { QueryDetection } from '../detection.ts';
import { openToInternet } from '../questions.ts';
import { conversation } from '../told-conversations.ts';

export const databaseFromInternet: QueryDetection = {
  name: 'database-from-internet',
  severity: 'high',
  meaning: 'One of ours answered a public address at the port of a database.',
  falsePositives: 'A database that is meant to be public; a port of the same number that serves something else.',
  technique: 'T1190',
  subject: ['server', 'port'],
  query: openToInternet(
    'database-from-internet',
    '1433,1521,3306,5432,5984,6379,7001,8529,9042,9160,9200,11211,27017-27019',
  ),
  fires: conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 5432 }),
  stays: [
    ...conversation({ client: '10.0.3.9', server: '10.0.0.5', port: 5432 }),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.6', port: 5432, back: null, action: 'REJECT' }),
    // Let in, but nobody listens.
    ...conversation({ client: '198.51.100.8', server: '10.0.0.7', port: 5432, sent: [1, 60], back: null }),
    // We are the client.
    ...conversation({ client: '10.0.0.5', server: '198.51.100.9', port: 5432 }),
  ],
};
