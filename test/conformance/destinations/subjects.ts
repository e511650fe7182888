/**
 * The destinations as subjects of the suite, before any server that speaks as AWS does.
 *
 * In:    a proxy before the server. Out: subjects.
 */
import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bucketDestination } from '../../../src/publish/destinations/bucket.ts';
import { firehoseDestination } from '../../../src/publish/destinations/firehose.ts';
import { logGroupDestination } from '../../../src/publish/destinations/cloudwatch-logs.ts';
import type { ObjectStore } from '../../../src/storage/object/store.ts';
import { s3Store } from '../../../src/storage/object/stores/s3.ts';
import type { Proxy } from '../../servers/proxy.ts';
import { s3Error } from '../../servers/proxy.ts';
import { flowLogTo } from './segments.ts';
import type { Subject } from './suite.ts';
import { httpTroubles } from './troubles.ts';

const ACCESS = { attempts: 1, region: 'us-east-1' };
const never = new AbortController().signal;

/** Credentials in a file, as a user has them. */
export type Login = {
  /** A connection that is silent for so long is given up. */
  readonly idleMillis: number;
  accessKeyId: string;
  readonly renew: (() => void) | null;
};

/** A user of a server that knows one key, or takes any. */
export function userIn(
  path: string,
  accessKeyId: string,
  secretAccessKey: string,
  any: boolean,
  idleMillis: number,
): Login {
  const write = (): void =>
    writeFileSync(
      path,
      `[default]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
  let times = 0;
  const renew = (): void => {
    user.accessKeyId = `${accessKeyId}${++times}`;
    write();
  };
  const user: Login = { idleMillis, accessKeyId, renew: any ? renew : null };
  write();
  return user;
}

/** Every record of text objects in a store. */
export async function recordsIn(store: ObjectStore): Promise<string[]> {
  const lines: string[] = [];
  for await (const ref of store.list('', null, never)) {
    if (!ref.key.endsWith('.log.gz')) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(ref, null, never)) chunks.push(chunk);
    lines.push(...gunzipSync(Buffer.concat(chunks)).toString().trimEnd().split('\n').slice(1));
  }
  return lines;
}

/** S3 behind a proxy. */
export function s3Subject(name: string, proxy: Proxy, bucket: string, slotSeconds: number, user: Login): Subject {
  const store = (): ObjectStore =>
    s3Store(bucket, { ...ACCESS, idleMillis: user.idleMillis, endpoint: proxy.endpoint });
  const spec = { type: 's3', bucket, prefix: 'team', fileFormat: 'plain-text', hive: false, hourly: false } as const;
  return {
    name,
    exactlyOnce: true,
    flowLog: flowLogTo(spec),
    slotSeconds,
    destination: () => bucketDestination(store()),
    records: () => recordsIn(store()),
    troubles: httpTroubles(proxy, {
      isWrite: ({ method }) => method === 'PUT',
      answer: s3Error,
      denied: [403, 'AccessDenied', 'FG_S3_WRITE_DENIED'],
      throttled: [503, 'SlowDown', 'FG_AWS_THROTTLED'],
      expired: [400, 'ExpiredToken', 'FG_AWS_EXPIRED'],
      full: [507, 'InsufficientStorage', 'FG_S3_FAILED'],
      nth: 1,
      user,
    }),
  };
}

const json = (status: number, code: string) => ({
  status,
  body: JSON.stringify({ __type: code, message: 'as the test wants it' }),
  headers: { 'content-type': 'application/x-amz-json-1.1' },
});

/** CloudWatch Logs behind a proxy. */
export function logsSubject(
  proxy: Proxy,
  group: string,
  slotSeconds: number,
  user: Login,
  records: Subject['records'],
): Subject {
  return {
    name: 'CloudWatch Logs',
    exactlyOnce: false,
    flowLog: flowLogTo({ type: 'cloud-watch-logs', logGroup: group, roleArn: null }),
    slotSeconds,
    destination: () => logGroupDestination(group, { ...ACCESS, idleMillis: user.idleMillis, endpoint: proxy.endpoint }),
    records,
    troubles: httpTroubles(proxy, {
      isWrite: ({ headers }) => String(headers['x-amz-target']).endsWith('.PutLogEvents'),
      answer: json,
      denied: [400, 'AccessDeniedException', 'FG_LOG_GROUP_WRITE'],
      throttled: [400, 'ThrottlingException', 'FG_AWS_THROTTLED'],
      expired: [400, 'ExpiredTokenException', 'FG_AWS_EXPIRED'],
      full: [500, 'ServiceUnavailableException', 'FG_AWS_THROTTLED'],
      nth: 2,
      user,
    }),
  };
}

/** Firehose behind a proxy. */
export function firehoseSubject(
  proxy: Proxy,
  arn: string,
  slotSeconds: number,
  user: Login,
  records: Subject['records'],
): Subject {
  return {
    name: 'Firehose',
    exactlyOnce: false,
    flowLog: flowLogTo({ type: 'kinesis-data-firehose', streamArn: arn }),
    slotSeconds,
    destination: () => firehoseDestination(arn, { ...ACCESS, idleMillis: user.idleMillis, endpoint: proxy.endpoint }),
    records,
    troubles: httpTroubles(proxy, {
      isWrite: ({ headers }) => String(headers['x-amz-target']).endsWith('.PutRecordBatch'),
      answer: json,
      denied: [400, 'AccessDeniedException', 'FG_STREAM_WRITE'],
      throttled: [400, 'ThrottlingException', 'FG_AWS_THROTTLED'],
      expired: [400, 'ExpiredTokenException', 'FG_AWS_EXPIRED'],
      full: [500, 'ServiceUnavailableException', 'FG_AWS_THROTTLED'],
      nth: 2,
      user,
    }),
  };
}

/** The record in what Firehose was given. */
export function recordOfEntry(entry: string): string {
  return (JSON.parse(entry) as { message: string }).message;
}
