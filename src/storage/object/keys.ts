/**
 * AWS's object keys of VPC flow logs, both ways: plain, hourly, Hive and Hive hourly, text and Parquet.
 *
 * In:    what an object holds. Out: its key; and back.
 * Holds: parseKey(objectKey(x)) equals x. Times are UTC; the folder's date is that of the file's stamp, the start of the
 *        5-minute slot that the records' `end` lies in. A key of any other shape gives null: other services share the
 *        `AWSLogs` tree and stray files may lie in it.
 * @see   VPC User Guide, "Flow log files"
 */
import type { FileFormat } from '../../network/vpc/snapshot.ts';

/** Length of a slot: AWS's files hold the records that ended in five minutes. */
export const SLOT_SECONDS = 300;

/** What the key of an object says. */
export type ObjectName = {
  /** Before `AWSLogs`, without slashes at its ends; '' none. */
  readonly prefix: string;
  /** `o-…` of a bucket that gathers an organisation's logs; null elsewhere, and always where we write. */
  readonly organization: string | null;
  readonly accountId: string;
  readonly region: string;
  readonly flowLogId: string;
  /** Seconds since 1970 UTC; our own are multiples of 300, AWS's stamps are whole minutes. */
  readonly slotSeconds: number;
  /** Eight hex digits that tell the files of a slot apart. */
  readonly hash: string;
  readonly fileFormat: FileFormat;
  readonly hive: boolean;
  readonly hourly: boolean;
};

const SUFFIXES = { 'plain-text': '.log.gz', parquet: '.log.parquet' } as const;

const PLAIN = String.raw`(?<account>[^/_=]+)/vpcflowlogs/(?<region>[^/_=]+)/(?<day>\d{4}/\d\d/\d\d)(?:/(?<hour>\d\d))?`;
const HIVE = String.raw`aws-account-id=(?<account>[^/_]+)/aws-service=vpcflowlogs/aws-region=(?<region>[^/_]+)/year=(?<year>\d{4})/month=(?<month>\d\d)/day=(?<day>\d\d)(?:/hour=(?<hour>\d\d))?`;
const FILE = String.raw`(?<account2>[^/_]+)_vpcflowlogs_(?<region2>[^/_]+)_(?<flowLog>[^/_]+)_(?<stamp>\d{8}T\d{4}Z)_(?<hash>[0-9a-f]{8})\.log\.(?<suffix>gz|parquet)`;
const FRONT = String.raw`^(?:(?<prefix>.+)/)?AWSLogs/(?:(?<organization>o-[0-9a-z]+)/)?`;

const PLAIN_KEY = new RegExp(`${FRONT}${PLAIN}/${FILE}$`, 'su');
const HIVE_KEY = new RegExp(`${FRONT}${HIVE}/${FILE}$`, 'su');

/** A slot in a file's name: `20261123T1205Z`. */
export function slotStamp(slotSeconds: number): string {
  return `${new Date(slotSeconds * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/gu, '')}Z`;
}

/** The key of an object. */
export function objectKey(name: ObjectName): string {
  const { prefix, organization, accountId, region, flowLogId, hash } = name;
  const time = new Date(name.slotSeconds * 1000).toISOString();
  const [year, month, day, hour] = [time.slice(0, 4), time.slice(5, 7), time.slice(8, 10), time.slice(11, 13)];
  const date = name.hive
    ? `year=${year}/month=${month}/day=${day}${name.hourly ? `/hour=${hour}` : ''}`
    : `${year}/${month}/${day}${name.hourly ? `/${hour}` : ''}`;
  const folder = name.hive
    ? `aws-account-id=${accountId}/aws-service=vpcflowlogs/aws-region=${region}/${date}`
    : `${accountId}/vpcflowlogs/${region}/${date}`;
  const front = `${prefix === '' ? '' : `${prefix}/`}AWSLogs/${organization === null ? '' : `${organization}/`}`;
  const file = `${accountId}_vpcflowlogs_${region}_${flowLogId}_${slotStamp(name.slotSeconds)}_${hash}${SUFFIXES[name.fileFormat]}`;
  return `${front}${folder}/${file}`;
}

/** What a key says; null for any other shape, or when its folder and its file name disagree. */
export function parseKey(key: string): ObjectName | null {
  const plain = PLAIN_KEY.exec(key);
  const groups = (plain ?? HIVE_KEY.exec(key))?.groups;
  if (groups === undefined) return null;
  const slotSeconds = readSlotStamp(groups['stamp']!);
  if (slotSeconds === null) return null;
  const name: ObjectName = {
    prefix: groups['prefix'] ?? '',
    organization: groups['organization'] ?? null,
    accountId: groups['account']!,
    region: groups['region']!,
    flowLogId: groups['flowLog']!,
    slotSeconds,
    hash: groups['hash']!,
    fileFormat: groups['suffix'] === 'gz' ? 'plain-text' : 'parquet',
    hive: plain === null,
    hourly: groups['hour'] !== undefined,
  };
  return objectKey(name) === key ? name : null;
}

/** `20261123T1205Z` in seconds; null where there is no such minute. */
export function readSlotStamp(stamp: string): number | null {
  const part = (from: number, to: number): number => Number(stamp.slice(from, to));
  const millis = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13));
  return slotStamp(millis / 1000) === stamp ? millis / 1000 : null;
}
