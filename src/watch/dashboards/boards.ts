/**
 * The dashboards over documents in a search index: what they show, in no product's form.
 *
 * In:    nothing. Out: five dashboards. `saved-objects.ts` makes importable objects of them.
 * Holds: fields are those of `mappings/ecs-fields.ts`, which a test says. A dashboard is 48 units wide, as both products count.
 *        What two interfaces recorded of one conversation is in both sums: they are sums of what interfaces saw.
 */

/** Which documents; `flows` are in the data stream, `findings` in their index. */
export type Kind = 'flows' | 'findings';

export type Measure =
  | { readonly agg: 'count'; readonly label: string }
  | { readonly agg: 'sum' | 'cardinality'; readonly field: string; readonly label: string };

export type Split = { readonly field: string; readonly label: string; readonly size: number };

export type Panel = {
  /** Of all dashboards, once. */
  readonly id: string;
  readonly title: string;
  readonly of: Kind;
  /** `records`: documents themselves, with `columns`. */
  readonly shows: 'number' | 'bars' | 'table' | 'share' | 'records';
  readonly measures: readonly Measure[];
  readonly by: readonly Split[];
  /** Documents with this value in this field. */
  readonly where: readonly (readonly [field: string, value: string])[];
  readonly columns: readonly string[];
  readonly width: number;
  readonly height: number;
};

export type Board = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
};

const RECORDS: Measure = { agg: 'count', label: 'Records' };
const FINDINGS: Measure = { agg: 'count', label: 'Findings' };
const BYTES: Measure = { agg: 'sum', field: 'network.bytes', label: 'Bytes' };
const PACKETS: Measure = { agg: 'sum', field: 'network.packets', label: 'Packets' };
const peers = (field: string, label: string): Measure => ({ agg: 'cardinality', field, label });
const by = (field: string, label: string, size = 10): Split => ({ field, label, size });

const REJECTED = [['event.action', 'reject']] as const;
const ACCEPTED = [['event.action', 'accept']] as const;
const SOURCE = by('source.ip', 'Source');
const DESTINATION = by('destination.ip', 'Destination');
const INTERFACE = by('aws.vpcflow.interface_id', 'Interface', 20);

type Given = Pick<Panel, 'id' | 'title' | 'shows'> & Partial<Panel>;

const panel = (given: Given): Panel => ({
  of: 'flows',
  measures: [RECORDS],
  by: [],
  where: [],
  columns: [],
  width: 24,
  height: 15,
  ...given,
});
const number = (id: string, title: string, measure: Measure, more: Partial<Panel> = {}): Panel =>
  panel({ id, title, shows: 'number', measures: [measure], width: 12, height: 8, ...more });

const RECORD_COLUMNS = [
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'network.transport',
  'network.bytes',
  'event.action',
  'aws.vpcflow.interface_id',
];

/** All of them. */
export const BOARDS: readonly Board[] = [
  {
    id: 'flowgauge-overview',
    title: 'Flow logs: overview',
    description: 'How much passes, how much is rejected, between whom, by which protocol.',
    panels: [
      number('overview-records', 'Records', RECORDS),
      number('overview-bytes', 'Bytes accepted', BYTES, { where: ACCEPTED }),
      number('overview-rejected', 'Records rejected', RECORDS, { where: REJECTED }),
      number('overview-interfaces', 'Interfaces', peers('aws.vpcflow.interface_id', 'Interfaces')),
      panel({
        id: 'overview-actions',
        title: 'Records by action',
        shows: 'bars',
        by: [by('event.action', 'Action', 5)],
        width: 48,
      }),
      panel({
        id: 'overview-sources',
        title: 'Sources by bytes',
        shows: 'table',
        measures: [BYTES, PACKETS],
        by: [SOURCE],
      }),
      panel({
        id: 'overview-ports',
        title: 'Ports by records',
        shows: 'table',
        by: [by('destination.port', 'Port'), by('network.transport', 'Transport', 2)],
      }),
      panel({
        id: 'overview-transports',
        title: 'Bytes by transport',
        shows: 'share',
        measures: [BYTES],
        by: [by('network.transport', 'Transport', 6)],
      }),
      panel({
        id: 'overview-regions',
        title: 'Records by account and region',
        shows: 'table',
        by: [by('cloud.account.id', 'Account'), by('cloud.region', 'Region', 5)],
      }),
    ],
  },
  {
    id: 'flowgauge-rejected',
    title: 'Flow logs: rejected',
    description: 'What was rejected: by whom it was tried, where, at which ports.',
    panels: [
      number('rejected-records', 'Records rejected', RECORDS, { where: REJECTED }),
      number('rejected-sources', 'Sources', peers('source.ip', 'Sources'), { where: REJECTED }),
      number('rejected-destinations', 'Destinations', peers('destination.ip', 'Destinations'), { where: REJECTED }),
      number('rejected-ports', 'Ports', peers('destination.port', 'Ports'), { where: REJECTED }),
      panel({
        id: 'rejected-time',
        title: 'Rejected records by direction',
        shows: 'bars',
        by: [by('network.direction', 'Direction', 3)],
        where: REJECTED,
        width: 48,
      }),
      panel({
        id: 'rejected-by-source',
        title: 'Sources that were rejected',
        shows: 'table',
        measures: [RECORDS, peers('destination.port', 'Ports'), peers('destination.ip', 'Destinations')],
        by: [SOURCE],
        where: REJECTED,
      }),
      panel({
        id: 'rejected-by-port',
        title: 'Ports at which it was tried',
        shows: 'table',
        measures: [RECORDS, peers('source.ip', 'Sources')],
        by: [by('destination.port', 'Port', 20)],
        where: REJECTED,
      }),
      panel({
        id: 'rejected-last',
        title: 'Last rejected records',
        shows: 'records',
        where: REJECTED,
        columns: RECORD_COLUMNS,
        width: 48,
      }),
    ],
  },
  {
    id: 'flowgauge-talkers',
    title: 'Flow logs: talkers',
    description: 'Who sends most, to whom, and which services of AWS are among them.',
    panels: [
      panel({
        id: 'talkers-time',
        title: 'Bytes by instance that sends',
        shows: 'bars',
        measures: [BYTES],
        by: [by('flowgauge.source.name', 'Instance', 8)],
        where: ACCEPTED,
        width: 48,
      }),
      panel({
        id: 'talkers-pairs',
        title: 'Pairs by bytes',
        shows: 'table',
        measures: [BYTES, PACKETS],
        by: [SOURCE, { ...DESTINATION, size: 3 }],
        where: ACCEPTED,
      }),
      panel({
        id: 'talkers-destinations',
        title: 'Destinations by bytes',
        shows: 'table',
        measures: [BYTES, peers('source.ip', 'Sources')],
        by: [DESTINATION],
        where: ACCEPTED,
      }),
      panel({
        id: 'talkers-services',
        title: 'Bytes to services of AWS',
        shows: 'share',
        measures: [BYTES],
        by: [by('flowgauge.destination.aws_service', 'Service', 8)],
        where: ACCEPTED,
      }),
      panel({
        id: 'talkers-subnets',
        title: 'Bytes by subnet that sends',
        shows: 'share',
        measures: [BYTES],
        by: [by('flowgauge.source.subnet_id', 'Subnet', 8)],
        where: ACCEPTED,
      }),
    ],
  },
  {
    id: 'flowgauge-interface',
    title: 'Flow logs: one interface',
    description: 'Choose an interface in the table: all panels then show it alone.',
    panels: [
      panel({
        id: 'interface-list',
        title: 'Interfaces: choose one',
        shows: 'table',
        measures: [RECORDS, BYTES],
        by: [INTERFACE],
        width: 48,
      }),
      panel({
        id: 'interface-time',
        title: 'Bytes by direction',
        shows: 'bars',
        measures: [BYTES],
        by: [by('network.direction', 'Direction', 3)],
      }),
      panel({
        id: 'interface-actions',
        title: 'Records by action',
        shows: 'bars',
        by: [by('event.action', 'Action', 5)],
      }),
      panel({
        id: 'interface-peers',
        title: 'Peers that send to it or get from it',
        shows: 'table',
        measures: [BYTES, RECORDS],
        by: [by('related.ip', 'Address', 20)],
      }),
      panel({
        id: 'interface-ports',
        title: 'Ports',
        shows: 'table',
        measures: [RECORDS, BYTES],
        by: [by('destination.port', 'Port', 20), by('event.action', 'Action', 2)],
      }),
      panel({ id: 'interface-last', title: 'Last records', shows: 'records', columns: RECORD_COLUMNS, width: 48 }),
    ],
  },
  {
    id: 'flowgauge-findings',
    title: 'Flow logs: findings',
    description: 'What detections found, one document for each finding that was told.',
    panels: [
      number('findings-all', 'Findings', FINDINGS, { of: 'findings', width: 24 }),
      number('findings-high', 'Grave findings', FINDINGS, {
        of: 'findings',
        where: [['flowgauge.severity', 'high']],
        width: 24,
      }),
      panel({
        id: 'findings-time',
        title: 'Findings by severity',
        of: 'findings',
        shows: 'bars',
        measures: [FINDINGS],
        by: [by('flowgauge.severity', 'Severity', 4)],
        width: 48,
      }),
      panel({
        id: 'findings-detections',
        title: 'Detections',
        of: 'findings',
        shows: 'table',
        measures: [FINDINGS],
        by: [by('rule.name', 'Detection', 20), by('flowgauge.severity', 'Severity', 1)],
      }),
      panel({
        id: 'findings-techniques',
        title: 'Techniques of MITRE ATT&CK',
        of: 'findings',
        shows: 'share',
        measures: [FINDINGS],
        by: [by('threat.technique.id', 'Technique', 12)],
      }),
      panel({
        id: 'findings-last',
        title: 'Last findings',
        of: 'findings',
        shows: 'records',
        columns: ['flowgauge.severity', 'rule.name', 'source.ip', 'destination.ip', 'destination.port', 'message'],
        width: 48,
      }),
    ],
  },
];
