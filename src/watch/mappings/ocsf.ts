/**
 * A finding in the Open Cybersecurity Schema Framework.
 *
 * In:    a finding. Out: an event of OCSF 1.3, class Detection Finding (2004), activity Create.
 * Holds: required attributes of the class are there; times are milliseconds. What the class has no attribute for is in `unmapped`.
 *        https://schema.ocsf.io/1.3.0/classes/detection_finding
 * Fails: never.
 */
import type { Finding } from '../../api/findings.ts';

/** Of findings and of records. */
export const OCSF_VERSION = '1.3.0';
const CLASS = 2004;
const CREATE = 1;
const SEVERITIES: Readonly<Record<Finding['severity'], readonly [id: number, name: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
};

/** The event. */
export function ocsfFinding(finding: Finding): object {
  const { id, series, detection, severity, meaning, firstSeconds, lastSeconds, facts, rows, subject } = finding;
  const [severityId, severityName] = SEVERITIES[severity];
  const isSuppressed = finding.suppressedUntilSeconds !== null;
  return {
    class_uid: CLASS,
    class_name: 'Detection Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: CREATE,
    activity_name: 'Create',
    type_uid: CLASS * 100 + CREATE,
    type_name: 'Detection Finding: Create',
    severity_id: severityId,
    severity: severityName,
    status_id: isSuppressed ? 3 : 1,
    status: isSuppressed ? 'Suppressed' : 'New',
    time: firstSeconds * 1000,
    start_time: firstSeconds * 1000,
    end_time: lastSeconds * 1000,
    message: meaning,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'flowgauge', vendor_name: 'flowgauge' },
      correlation_uid: series,
    },
    finding_info: {
      uid: id,
      title: detection,
      desc: meaning,
      first_seen_time: firstSeconds * 1000,
      last_seen_time: lastSeconds * 1000,
      analytic: { name: detection, type: 'Rule', type_id: 1 },
      ...attacksOf(finding),
    },
    evidences: [evidenceOf(finding)],
    unmapped: { rows, facts, interface_id: subject.interfaceId, rule_id: subject.ruleId, port: subject.port },
  };
}

function attacksOf({ technique }: Finding): object {
  if (technique === null) return {};
  const [main = technique] = technique.split('.');
  return {
    attacks: [{ technique: { uid: main }, ...(main === technique ? {} : { sub_technique: { uid: technique } }) }],
  };
}

function evidenceOf({ subject: { client, server, port, protocol, interfaceId }, evidence }: Finding): object {
  // Whose end the interface is, a finding does not say where it names both.
  const isInterface = client === null && server === null && interfaceId !== null;
  const end = {
    ...(server === null ? {} : { ip: server }),
    ...(isInterface ? { interface_uid: interfaceId } : {}),
  };
  // A port of nobody is no endpoint; `unmapped` has it.
  const to = Object.keys(end).length === 0 || port === null ? end : { ...end, port };
  return {
    ...(client === null ? {} : { src_endpoint: { ip: client } }),
    ...(Object.keys(to).length === 0 ? {} : { dst_endpoint: to }),
    // The direction of a finding's records is both.
    ...(protocol === null ? {} : { connection_info: { direction_id: 0, protocol_num: protocol } }),
    data: { sql: evidence.sql, records: evidence.records },
  };
}
