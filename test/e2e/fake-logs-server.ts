/**
 * The stand-in for CloudWatch Logs as a process of its own, for a network namespace.
 *
 * In:    nothing. Out: its URL; after SIGINT, what it was given, as JSON.
 */
import { fakeLogs } from '../conformance/destinations/fake-logs.ts';

const server = await fakeLogs(Date.now());
console.log(server.endpoint);
process.once('SIGINT', () => {
  console.log(JSON.stringify([...server.groups].map(([group, streams]) => [group, [...streams]])));
  server.stop();
});
