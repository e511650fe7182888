/**
 * Fields of the documents in a search index: those of records, and those of findings.
 *
 * In:    the fields of flow logs. Out: names, types and meanings; index templates and dashboards are made of them, a test holds that documents
 *        have no others.
 * Holds: names and types of ECS 8.17 where it has one; what AWS alone has stands below `aws.vpcflow` under its column's name, as in Elastic's
 *        integration of VPC flow logs; what is ours below `flowgauge`.
 *        https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
 */
import { FIELDS, columnName } from '../../record/fields/list.ts';

export const ECS_VERSION = '8.17.0';

/** Types that OpenSearch and Elasticsearch both have; `kept`: an object that is given back and not searched. */
export type IndexType = 'date' | 'ip' | 'keyword' | 'long' | 'text' | 'kept';

export type IndexField = {
  /** With dots, as it is searched. */
  readonly name: string;
  readonly type: IndexType;
  readonly meaning: string;
};

/** Fields of a record that ECS has its own place for; all others are below `aws.vpcflow`. */
export const OF_ECS: ReadonlySet<string> = new Set(
  'account-id region srcaddr dstaddr srcport dstport protocol packets bytes start end flow-direction'.split(' '),
);

const field = (name: string, type: IndexType, meaning: string): IndexField => ({ name, type, meaning });

/** What both kinds of documents have. */
const COMMON: readonly IndexField[] = [
  field('@timestamp', 'date', 'end of the record, begin of a finding'),
  field('ecs.version', 'keyword', 'version of ECS'),
  field('event.kind', 'keyword', 'event, or alert of a finding'),
  field('event.category', 'keyword', 'network'),
  field('event.type', 'keyword', 'connection with allowed or denied; info where there was no traffic, and of findings'),
  field('event.module', 'keyword', 'flowgauge'),
  field('event.dataset', 'keyword', 'flowgauge.flows or flowgauge.finding'),
  field('event.start', 'date', 'first packet at the earliest'),
  field('event.end', 'date', 'last packet at the latest'),
  field('source.address', 'keyword', 'who sent; of a finding the client'),
  field('source.ip', 'ip', 'who sent; of a finding the client'),
  field('destination.address', 'keyword', 'who was sent to; of a finding the server'),
  field('destination.ip', 'ip', 'who was sent to; of a finding the server'),
  field('destination.port', 'long', 'port sent to'),
  field('network.iana_number', 'keyword', 'number of the protocol'),
  field('network.transport', 'keyword', 'tcp, udp, icmp, ipv6-icmp, sctp'),
  field('related.ip', 'ip', 'all addresses'),
];

const ends = (side: 'source' | 'destination'): readonly IndexField[] => [
  field(`flowgauge.${side}.interface_id`, 'keyword', `interface that held the ${side} address at that time`),
  field(`flowgauge.${side}.instance_id`, 'keyword', 'its instance'),
  field(`flowgauge.${side}.name`, 'keyword', 'tag Name of the instance, else of the interface'),
  field(`flowgauge.${side}.vpc_id`, 'keyword', 'its VPC'),
  field(`flowgauge.${side}.subnet_id`, 'keyword', 'its subnet'),
  field(`flowgauge.${side}.account_id`, 'keyword', 'its account'),
  field(`flowgauge.${side}.aws_service`, 'keyword', 'service of AWS whose published range holds the address'),
];

/** Fields of records. */
export const FLOW_FIELDS: readonly IndexField[] = [
  ...COMMON,
  field('event.action', 'keyword', 'accept, reject, nodata, skipdata'),
  field('event.outcome', 'keyword', 'success where accepted, failure where rejected'),
  field('source.port', 'long', 'port sent from'),
  field('source.bytes', 'long', 'bytes sent'),
  field('source.packets', 'long', 'packets sent'),
  field('network.bytes', 'long', 'bytes of the record'),
  field('network.packets', 'long', 'packets of the record'),
  field('network.type', 'keyword', 'ipv4 or ipv6'),
  field('network.direction', 'keyword', "ingress or egress: the record's, else told by the model"),
  field(
    'network.community_id',
    'keyword',
    'Community ID 1 of TCP, UDP, SCTP and protocols without ports; records do not have what ICMP needs',
  ),
  field('cloud.provider', 'keyword', 'aws'),
  field('cloud.account.id', 'keyword', 'account of the record'),
  field('cloud.region', 'keyword', 'region of the record'),
  field('cloud.instance.id', 'keyword', 'instance of the interface'),
  field('aws.s3.bucket.name', 'keyword', 'bucket of the object that holds the record'),
  field('aws.s3.object.key', 'keyword', 'key of that object'),
  field('aws.firehose.arn', 'keyword', 'delivery stream that the record came through'),
  field('aws.cloudwatch.log_group', 'keyword', 'log group that the record came from'),
  field('aws.cloudwatch.log_stream', 'keyword', 'log stream that the record came from'),
  ...FIELDS.filter(({ name }) => !OF_ECS.has(name)).map(({ name, column, meaning }) =>
    field(`aws.vpcflow.${columnName(name)}`, typeOf(name, column), meaning),
  ),
  ...ends('source'),
  ...ends('destination'),
];

/** Fields of findings. */
export const FINDING_FIELDS: readonly IndexField[] = [
  ...COMMON,
  field('message', 'text', 'what the detection found'),
  field('event.id', 'keyword', 'id of the finding'),
  field('event.severity', 'long', '1 info, 21 low, 47 medium, 73 high'),
  field('url.original', 'keyword', 'where the console has it'),
  field('rule.name', 'keyword', 'detection'),
  field('rule.description', 'text', 'what it means'),
  field('rule.ruleset', 'keyword', 'flowgauge'),
  field('threat.framework', 'keyword', 'MITRE ATT&CK'),
  field('threat.technique.id', 'keyword', 'technique'),
  field('threat.technique.subtechnique.id', 'keyword', 'sub-technique'),
  field('flowgauge.series', 'keyword', 'the same on every day'),
  field('flowgauge.severity', 'keyword', 'info, low, medium or high'),
  field('flowgauge.interface_id', 'keyword', 'interface that it is about'),
  field('flowgauge.rule_id', 'keyword', 'rule that it is about'),
  field('flowgauge.rows', 'long', 'records that it rests on'),
  field('flowgauge.facts', 'kept', 'numbers that met the threshold'),
  field('flowgauge.sql', 'keyword', 'question that gives those records'),
  field('flowgauge.suppressed_until', 'date', 'end of its suppression'),
];

function typeOf(name: string, column: 'VARCHAR' | 'INTEGER' | 'BIGINT'): IndexType {
  if (name.endsWith('addr')) return 'ip';
  return column === 'VARCHAR' ? 'keyword' : 'long';
}
