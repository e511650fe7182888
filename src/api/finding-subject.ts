/**
 * What a finding is about, for people.
 *
 * In:    a finding. Out: `198.51.100.7 to 10.0.0.5:22`, an interface, a rule.
 */
import type { Finding } from './findings.ts';

/** What a finding is about, in a few words. */
export function aboutOf({ subject }: Pick<Finding, 'subject'>): string {
  const { client, server, port, interfaceId, ruleId } = subject;
  const to = server === null ? (port === null ? null : `port ${port}`) : port === null ? server : at(server, port);
  const ends = client !== null && to !== null ? `${client} to ${to}` : (client ?? to);
  return ruleId === null ? (ends ?? interfaceId ?? '-') : ends === null ? ruleId : `${ends}, ${ruleId}`;
}

function at(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
