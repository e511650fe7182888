/**
 * A finding in the Elastic Common Schema.
 *
 * In:    a finding. Out: a document of ECS 8.17: an alert of a rule.
 * Holds: fields of ECS have its names and types; what it has no field for stands below `flowgauge`. The client is the source.
 *        https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
 * Fails: never.
 */
import type { Finding } from '../../api/findings.ts';
import { ECS_VERSION } from './ecs-fields.ts';

/** As Elastic's own rules score them. */
const SCORES: Readonly<Record<Finding['severity'], number>> = { info: 1, low: 21, medium: 47, high: 73 };
const TRANSPORTS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' };

/** The document. */
export function ecsFinding(finding: Finding): object {
  const { id, series, detection, severity, meaning, subject, firstSeconds, lastSeconds, rows, facts, evidence } =
    finding;
  const { client, server, port, protocol, interfaceId, ruleId } = subject;
  const addresses = [client, server].filter((address) => address !== null);
  return {
    '@timestamp': isoText(firstSeconds),
    ecs: { version: ECS_VERSION },
    message: meaning,
    event: {
      kind: 'alert',
      category: ['network'],
      type: ['info'],
      module: 'flowgauge',
      dataset: 'flowgauge.finding',
      id,
      severity: SCORES[severity],
      start: isoText(firstSeconds),
      end: isoText(lastSeconds),
    },
    rule: { name: detection, description: meaning, ruleset: 'flowgauge' },
    ...threatOf(finding),
    ...(client === null ? {} : { source: { address: client, ip: client } }),
    ...(server === null && port === null
      ? {}
      : {
          destination: {
            ...(server === null ? {} : { address: server, ip: server }),
            ...(port === null ? {} : { port }),
          },
        }),
    ...(protocol === null
      ? {}
      : {
          network: {
            iana_number: String(protocol),
            ...(TRANSPORTS[protocol] === undefined ? {} : { transport: TRANSPORTS[protocol] }),
          },
        }),
    ...(addresses.length === 0 ? {} : { related: { ip: addresses } }),
    flowgauge: {
      series,
      severity,
      interface_id: interfaceId,
      rule_id: ruleId,
      rows,
      facts,
      sql: evidence.sql,
      suppressed_until: finding.suppressedUntilSeconds === null ? null : isoText(finding.suppressedUntilSeconds),
    },
  };
}

function threatOf({ technique }: Finding): object {
  if (technique === null) return {};
  const [main = technique] = technique.split('.');
  const sub = technique === main ? {} : { subtechnique: { id: [technique] } };
  return { threat: { framework: 'MITRE ATT&CK', technique: { id: [main], ...sub } } };
}

function isoText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
