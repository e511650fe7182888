/**
 * Records in the Open Cybersecurity Schema Framework.
 *
 * In:    columns of records. Out: for each record a line: an event of OCSF 1.3, class Network Activity (4001), activity Traffic, profiles cloud and
 *        security_control.
 * Holds: required attributes are there in every event; times are milliseconds, that of the event is the record's start. The interface, its instance,
 *        subnet and VPC stand at the end that the direction says, and where no direction is told in `unmapped`, as all that the class has no
 *        attribute for. The class wants a destination: of a window without traffic it is the interface, and where that is not told either it is called
 *        unknown, as a source of which only the port is told.
 *        https://schema.ocsf.io/1.3.0/classes/network_activity
 * Fails: never.
 */
import type { RecordColumn } from '../../record/columns.ts';
import { textsOf } from '../../record/columns.ts';
import { addressesOf, events, familiesOf, others, protocols, times } from './document-columns.ts';
import type { Plan } from './document-plan.ts';
import type { DocumentOrigin, Fill } from './documents.ts';
import { OCSF_VERSION } from './ocsf.ts';

/** Columns that have an attribute of their own. */
const PLACED: ReadonlySet<string> = new Set(
  'account_id region az_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status tcp_flags flow_direction'.split(
    ' ',
  ),
);
/** What is known of the end that recorded, by its attribute. */
const OWN_END: Readonly<Record<string, string>> = {
  interface_uid: 'interface_id',
  instance_uid: 'instance_id',
  subnet_uid: 'subnet_id',
  vpc_uid: 'vpc_id',
};
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' };
const HEAD =
  '{"class_uid":4001,"class_name":"Network Activity","category_uid":4,"category_name":"Network Activity","activity_id":6,"activity_name":"Traffic",' +
  '"type_uid":400106,"type_name":"Network Activity: Traffic","severity_id":1,"severity":"Informational"';
const METADATA = `,"metadata":{"version":"${OCSF_VERSION}","product":{"name":"flowgauge","vendor_name":"flowgauge"},"log_name":"vpc-flow-logs","profiles":["cloud","security_control"]}`;

const millis = (seconds: number): string => `${seconds}000`;

/** What the profile security_control says of an action. */
function actionText(action: string | null): string {
  if (action === 'ACCEPT') return '"action_id":1,"action":"Allowed","disposition_id":1,"disposition":"Allowed"';
  if (action === 'REJECT') return '"action_id":2,"action":"Denied","disposition_id":2,"disposition":"Blocked"';
  return action === null
    ? '"action_id":0,"action":"Unknown"'
    : `"action_id":99,"action":${JSON.stringify(action.toLowerCase())}`;
}

function protocolText(number: number): string {
  const name = PROTOCOLS[number];
  return `"protocol_num":${number}${name === undefined ? '' : `,"protocol_name":"${name}"`}`;
}

/** Which end recorded a row. */
const [SOURCE, DESTINATION, NEITHER] = [0, 1, -1];

/** A line for each record. */
export const ocsfLines: Fill = (plan, origin, _, counts) => {
  const { room, columns } = plan;
  const when = times(plan, 'start', origin.seconds, millis);
  const action = events(plan, counts, actionText);
  const sides = sidesOf(plan);
  const field = (name: string, column: string): void => {
    const found = columns.get(column);
    if (found !== undefined) plan.field(name, found);
  };

  const nameless = (rows: Int32Array): void => plan.word(',"name":', room.words(rows), room.texts(['"unknown"']));

  plan.text(HEAD);
  plan.word(',', action.column, action.table, true);
  plan.word(',"time":', when.stamp, when.table, true);
  plan.word(',"start_time":', when.start, when.table, when.isWhole.start);
  plan.word(',"end_time":', when.end, when.table, when.isWhole.end);
  plan.text(METADATA);
  cloud(plan, origin);
  plan.inside(',"src_endpoint":{', '}', false, () => {
    field(',"ip":', 'srcaddr');
    field(',"port":', 'srcport');
    ownEnd(plan, sides, SOURCE);
    const ports = columns.has('srcport') ? plan.numbersOf(columns.get('srcport')!) : null;
    // A port alone is no endpoint.
    nameless(
      namelessOf(plan, sides, SOURCE, 'srcaddr').map((none, row) => ((ports?.numbers[row] ?? -1) < 0 ? -1 : none)),
    );
  });
  plan.inside(',"dst_endpoint":{', '}', true, () => {
    field(',"ip":', 'dstaddr');
    field(',"port":', 'dstport');
    ownEnd(plan, sides, DESTINATION);
    nameless(namelessOf(plan, sides, DESTINATION, 'dstaddr'));
  });
  plan.inside(',"connection_info":{', '}', true, () => {
    plan.word('', room.words(directionsOf(plan)), room.texts(DIRECTIONS), true);
    const protocol = protocols(plan, protocolText);
    if (protocol !== null) plan.word(',', protocol.column, protocol.table);
    const address = addressesOf(plan, 'srcaddr') ?? addressesOf(plan, 'dstaddr');
    if (address !== null) plan.word(',"protocol_ver_id":', room.words(familiesOf(address)), room.texts(['4', '6']));
    field(',"tcp_flags":', 'tcp_flags');
  });
  plan.inside(',"traffic":{', '}', false, () => {
    field(',"bytes":', 'bytes');
    field(',"packets":', 'packets');
  });
  field(',"status_code":', 'log_status');
  plan.inside(',"unmapped":{', '}', false, () => others(plan, PLACED, counts));
  plan.text('}\n');
};

function cloud(plan: Plan, { accountId, region }: DocumentOrigin): void {
  const owned = (name: string, column: string, known: string | null): void => {
    const found = plan.columns.get(column);
    if (found !== undefined) plan.field(name, found);
    else if (known !== null) plan.text(`${name}${JSON.stringify(known)}`);
  };
  plan.inside(',"cloud":{', '}', true, () => {
    plan.text('"provider":"AWS"');
    const isSure = !plan.columns.has('account_id') && accountId !== null;
    plan.inside(',"account":{', '}', isSure, () => owned(',"uid":', 'account_id', accountId));
    owned(',"region":', 'region', region);
    owned(',"zone":', 'az_id', null);
  });
}

const DIRECTIONS = [
  '"direction_id":0,"direction":"Unknown"',
  '"direction_id":1,"direction":"Inbound"',
  '"direction_id":2,"direction":"Outbound"',
];

/** For each row which of `DIRECTIONS`. */
function directionsOf(plan: Plan): Int32Array {
  const directions = new Int32Array(plan.batch.rows);
  const column = plan.columns.get('flow_direction');
  if (column?.dictionary === undefined || column.dictionary === null) return directions;
  const known = textsOf(column.dictionary).map((text) => (text === 'ingress' ? 1 : text === 'egress' ? 2 : 0));
  const rows = plan.indexes(column);
  for (let row = 0; row < directions.length; row++) directions[row] = rows[row]! < 0 ? 0 : known[rows[row]!]!;
  return directions;
}

/** For each row the end that recorded it. */
function sidesOf(plan: Plan): Int32Array {
  const sides = directionsOf(plan);
  const isThere = presentOf(plan, 'dstaddr');
  for (let row = 0; row < sides.length; row++) {
    const direction = sides[row]!;
    if (direction === 0) sides[row] = isThere(row) ? NEITHER : DESTINATION;
    else sides[row] = direction === 1 ? DESTINATION : SOURCE;
  }
  return sides;
}

/** Whether a row has a text in a column. */
function presentOf(plan: Plan, name: string): (row: number) => boolean {
  const column = plan.columns.get(name);
  if (column?.dictionary === undefined || column.dictionary === null) return () => false;
  const rows = plan.indexes(column);
  return (row) => rows[row]! >= 0;
}

/** What is known of the end that recorded, in the rows in which it is this one. */
function ownEnd(plan: Plan, sides: Int32Array, side: number): void {
  for (const [attribute, name] of Object.entries(OWN_END)) {
    const column = plan.columns.get(name);
    if (column?.dictionary === undefined || column.dictionary === null) continue;
    plan.word(`,"${attribute}":`, plan.room.words(ofSide(plan, column, sides, side)), plan.quoted(column));
  }
}

function ofSide(plan: Plan, column: RecordColumn, sides: Int32Array, side: number): Int32Array {
  const rows = plan.indexes(column);
  return sides.map((own, row) => (own === side ? rows[row]! : -1));
}

/** 0 in the rows in which an end has neither address nor interface, -1 in all others. */
function namelessOf(plan: Plan, sides: Int32Array, end: number, address: 'srcaddr' | 'dstaddr'): Int32Array {
  const [isThere, isOwned] = [presentOf(plan, address), presentOf(plan, 'interface_id')];
  return sides.map((side, row) => (isThere(row) || (side === end && isOwned(row)) ? -1 : 0));
}
