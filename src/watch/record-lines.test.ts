import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../model/errors.ts';
import type { Answer, Cell } from '../query/engine.ts';
import { FIELDS, columnName } from '../record/fields/list.ts';
import { FLOW_FIELDS } from './mappings/ecs-fields.ts';
import { recordLines } from './record-lines.ts';
import type { RecordSchema } from './record-lines.ts';
import { ecsFields, faultsOf, leavesOf, ocsfSchema } from './schemas.fixture.ts';

type Row = Readonly<Record<string, Cell>>;
type Event = Record<string, unknown>;

/** An answer with these rows, in two batches where there are more than one; a name that a row lacks is NULL in it. */
function answerOf(rows: readonly Row[]): Pick<Answer, 'columns' | 'rows'> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => row[name] ?? null));
  return {
    columns: names.map((name) => ({ name, type: 'VARCHAR', unit: null })),
    rows: (async function* () {
      yield cells.slice(0, 1);
      yield cells.slice(1);
    })(),
  };
}

async function eventsOf(schema: RecordSchema, ...rows: readonly Row[]): Promise<Event[]> {
  let text = '';
  for await (const part of recordLines(answerOf(rows), schema)) text += part;
  assert.ok(text.endsWith('\n'));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

const INGRESS: Row = {
  version: 2,
  account_id: '123456789012',
  interface_id: 'eni-0a',
  srcaddr: '198.51.100.7',
  dstaddr: '10.0.0.5',
  srcport: 51_000,
  dstport: 22,
  protocol: 6,
  packets: 12n,
  bytes: 9_007_199_254_740_993n,
  start: 1_764_504_000n,
  end: 1_764_504_060n,
  action: 'ACCEPT',
  log_status: 'OK',
  tcp_flags: 19,
  flow_direction: 'ingress',
  vpc_id: 'vpc-1',
  az_id: 'euw1-az1',
};
const NODATA: Row = { version: 2, account_id: '1', interface_id: 'eni-0b', start: 5n, end: 65n, log_status: 'NODATA' };
/** What a record may be, one of each kind. */
const ROWS: readonly Row[] = [
  INGRESS,
  { ...INGRESS, flow_direction: 'egress', action: 'REJECT', srcaddr: '2001:db8::7', dstaddr: '2001:db8::8' },
  { ...INGRESS, flow_direction: null, action: 'odd', protocol: 253 },
  NODATA,
  { ...NODATA, interface_id: null, log_status: 'SKIPDATA' },
  { srcaddr: '10.0.0.1' },
  { dstaddr: null, dstport: 443 },
  { srcport: 443, interface_id: 'a "quoted" \\ name\n' },
  Object.fromEntries(
    FIELDS.map(({ name, column }) => [
      columnName(name),
      column !== 'VARCHAR' ? 7 : name.endsWith('addr') ? '10.0.0.9' : `w ${name}`,
    ]),
  ),
];

test('a record as OCSF is a Network Activity as its schema has it, alone and among others', async () => {
  const schema = ocsfSchema('network-activity');
  const alone = (await Promise.all(ROWS.map((row) => eventsOf('ocsf', row)))).flat();
  const events = [...alone, ...(await eventsOf('ocsf', ...ROWS))];
  assert.equal(events.length, ROWS.length * 2);
  const faults = new Set<string>();
  for (const event of events) {
    assert.equal(event['class_uid'], schema.class.uid);
    for (const fault of faultsOf(schema, schema.class, event, 'event')) faults.add(fault);
  }
  assert.deepEqual([...faults], []);
});

test('ends, direction, verdict and times stand where OCSF has them, all else in unmapped', async () => {
  const [first, second, third, nodata] = await eventsOf('ocsf', ...ROWS);
  assert.deepEqual(first!['src_endpoint'], { ip: '198.51.100.7', port: 51_000 });
  assert.deepEqual(first!['dst_endpoint'], { ip: '10.0.0.5', port: 22, interface_uid: 'eni-0a', vpc_uid: 'vpc-1' });
  assert.deepEqual(first!['connection_info'], {
    direction_id: 1,
    direction: 'Inbound',
    protocol_num: 6,
    protocol_name: 'tcp',
    protocol_ver_id: 4,
    tcp_flags: 19,
  });
  assert.deepEqual([first!['action_id'], first!['disposition'], first!['status_code']], [1, 'Allowed', 'OK']);
  assert.deepEqual(
    [first!['time'], first!['start_time'], first!['end_time']],
    [1_764_504_000_000, 1_764_504_000_000, 1_764_504_060_000],
  );
  assert.deepEqual(first!['cloud'], { provider: 'AWS', account: { uid: '123456789012' }, zone: 'euw1-az1' });
  assert.deepEqual((second!['src_endpoint'] as Event)['interface_uid'], 'eni-0a');
  assert.deepEqual([second!['action'], second!['disposition']], ['Denied', 'Blocked']);
  // Whose end it is nobody knows.
  assert.deepEqual(third!['dst_endpoint'], { ip: '10.0.0.5', port: 22 });
  assert.deepEqual(third!['unmapped'], { version: 2, interface_id: 'eni-0a', vpc_id: 'vpc-1' });
  assert.deepEqual(nodata!['dst_endpoint'], { interface_uid: 'eni-0b' });
});

test('numbers are exact, and a text that is no number stays a text', async () => {
  let text = '';
  for await (const part of recordLines(answerOf([INGRESS, { ...INGRESS, start: 'soon' }]), 'ocsf')) text += part;
  const [first, second] = text.split('\n');
  assert.match(first!, /"traffic":\{"bytes":9007199254740993,"packets":12\}/);
  assert.ok(!second!.includes('"start_time"'));
});

test('a record as ECS has fields of ECS and of the index template alone', async () => {
  const ecs = ecsFields();
  const known = new Set(FLOW_FIELDS.map(({ name }) => name));
  const documents = await eventsOf('ecs', ...ROWS);
  for (const document of documents)
    for (const [name] of leavesOf(document)) {
      assert.ok(known.has(name), `the index has no ${name}`);
      if (!/^(?:flowgauge|aws)\./u.test(name)) assert.ok(ecs[name] !== undefined, `ECS has no ${name}`);
    }
  assert.deepEqual(documents[0]!['destination'], { address: '10.0.0.5', ip: '10.0.0.5', port: 22 });
  assert.equal(documents[0]!['@timestamp'], '2025-11-30T12:01:00.000Z');
  assert.deepEqual(documents[0]!['cloud'], { provider: 'aws', account: { id: '123456789012' } });
});

test('columns that are no fields are kept as texts, but for times that stand there already', async () => {
  const row: Row = { ...INGRESS, start_time: '2025-11-30T12:00:00Z', note: '"; DROP', total: 3n };
  const [ecs] = await eventsOf('ecs', row);
  const kept = (ecs!['aws'] as Record<string, Event>)['vpcflow']!;
  assert.deepEqual([kept['note'], kept['total'], kept['start_time']], ['"; DROP', '3', undefined]);
  const [ocsf] = await eventsOf('ocsf', row);
  assert.deepEqual((ocsf!['unmapped'] as Event)['note'], '"; DROP');
});

test('an answer that says of nobody is refused, though it has sums, and one without rows has no line', async () => {
  for (const schema of ['ecs', 'ocsf'] as const) {
    await assert.rejects(
      () => eventsOf(schema, { talker: 'a', bytes: 1n }),
      (error) =>
        error instanceof FlowgaugeError && error.code === 'FG_OUTPUT_RECORDS' && /talker, bytes/.test(error.message),
    );
    const none = { columns: [{ name: 'srcaddr', type: 'VARCHAR', unit: null }], rows: (async function* () {})() };
    for await (const part of recordLines(none, schema)) assert.fail(part);
  }
});
