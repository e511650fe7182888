import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portScan } from './detections/port-scan.ts';
import { smtpSpam } from './detections/smtp-spam.ts';
import { findingsOf } from './findings.ts';
import { ecsFinding } from './mappings/ecs.ts';
import { ocsfFinding } from './mappings/ocsf.ts';

const NOON = Date.UTC(2026, 10, 23, 12) / 1000;
const row = (hour: number, ports: number, more: object = {}) => ({
  interface_id: 'eni-0a',
  client: '198.51.100.7',
  server: '10.0.0.5',
  first_seconds: NOON + hour * 3600,
  last_seconds: NOON + hour * 3600 + 600,
  ports,
  ...more,
});

describe('rows of one subject and day', () => {
  it('are one finding, which says what the strongest says and spans all', () => {
    const [finding, ...others] = findingsOf(portScan, [row(1, 300), row(0, 200), row(2, 100)]);
    assert.equal(others.length, 0);
    assert.equal(finding!.rows, 3);
    assert.deepEqual(finding!.facts, { ports: 300 });
    assert.deepEqual([finding!.firstSeconds, finding!.lastSeconds], [NOON, NOON + 7800]);
    assert.match(finding!.evidence.sql, new RegExp(`start <= ${NOON + 7800} AND "end" >= ${NOON} ORDER BY start$`));
  });

  it('have the same id however many rows there are, another on another day, and the same series on both', () => {
    const [a] = findingsOf(portScan, [row(0, 200)]);
    const [b] = findingsOf(portScan, [row(1, 300, { interface_id: 'eni-0b' }), row(0, 200)]);
    const [c] = findingsOf(portScan, [row(24, 200)]);
    const [d] = findingsOf(portScan, [row(0, 200, { server: '10.0.0.6' })]);
    assert.equal(a!.id, b!.id);
    assert.notEqual(a!.id, c!.id);
    assert.equal(a!.series, c!.series);
    assert.notEqual(a!.series, d!.series);
    assert.match(a!.id, /^fnd-[0-9a-f]{16}$/);
  });

  it('name records by SQL in which no text of a record can leave its place', () => {
    const [finding] = findingsOf(portScan, [row(0, 200, { client: "x' OR '1' = '1" })]);
    assert.match(finding!.evidence.sql, /srcaddr = 'x'' OR ''1'' = ''1'/);
  });
});

const FINDING = findingsOf(portScan, [row(0, 200, { port: 22, protocol: 6 })])[0]!;

it('is an alert of a rule in ECS', () => {
  const document = ecsFinding(FINDING) as Record<string, Record<string, unknown>>;
  assert.equal(document['@timestamp'], '2026-11-23T12:00:00.000Z');
  assert.equal(document['event']!['kind'], 'alert');
  assert.equal(document['event']!['severity'], 21);
  assert.deepEqual(document['source'], { address: '198.51.100.7', ip: '198.51.100.7' });
  assert.deepEqual(document['destination'], { address: '10.0.0.5', ip: '10.0.0.5', port: 22 });
  assert.deepEqual(document['network'], { iana_number: '6', transport: 'tcp' });
  assert.deepEqual(document['threat'], { framework: 'MITRE ATT&CK', technique: { id: ['T1046'] } });
  assert.deepEqual(document['related'], { ip: ['198.51.100.7', '10.0.0.5'] });
});

it('is a Detection Finding in OCSF, with all that its class requires', () => {
  const event = ocsfFinding({ ...FINDING, technique: 'T1110.001' }) as Record<string, unknown>;
  for (const name of [
    'activity_id',
    'category_uid',
    'class_uid',
    'finding_info',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
  ])
    assert.ok(event[name] !== undefined, name);
  assert.equal(event['type_uid'], 200_401);
  assert.equal(event['time'], NOON * 1000);
  assert.equal(event['status_id'], 1);
  assert.equal((ocsfFinding({ ...FINDING, suppressedUntilSeconds: NOON }) as { status_id: number }).status_id, 3);
  assert.deepEqual((event['finding_info'] as { attacks: unknown }).attacks, [
    { technique: { uid: 'T1110' }, sub_technique: { uid: 'T1110.001' } },
  ]);
  assert.deepEqual((event['evidences'] as Record<string, unknown>[])[0]!['dst_endpoint'], { ip: '10.0.0.5', port: 22 });
});

it('leaves out what a finding does not say', () => {
  const bare = { interface_id: 'eni-0a', first_seconds: NOON, last_seconds: NOON };
  const [finding] = findingsOf({ ...smtpSpam, technique: null, subject: ['interface_id'] }, [bare]);
  const document = ecsFinding(finding!);
  for (const name of ['source', 'destination', 'network', 'threat', 'related']) assert.ok(!(name in document), name);
  const event = ocsfFinding(finding!) as { evidences: Record<string, unknown>[] };
  assert.deepEqual(event.evidences[0]!['dst_endpoint'], { interface_uid: 'eni-0a' });
  assert.equal(
    finding!.evidence.sql,
    `SELECT * FROM flow_logs WHERE interface_id = 'eni-0a' AND start <= ${NOON} AND "end" >= ${NOON} ORDER BY start`,
  );
});
