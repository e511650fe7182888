/**
 * The way to one bucket: a client in the bucket's region, and what was asked of it.
 *
 * In:    a bucket and how to reach it. Out: answers of S3.
 * Holds: the client is loaded with the first request. An answer that names another region is followed once, and kept.
 *        Every attempt is counted, those that are tried again too. Servers that are not AWS's get no checksums that they
 *        do not ask for, and bucket names in the path.
 * Fails: with the client's errors, those of `signal` first.
 */
import { createHash } from 'node:crypto';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type * as Sdk from '@aws-sdk/client-s3';
import { FALLBACK_REGION, clientSettings, endpointOf, isOfAws } from '../aws-client.ts';
import type { AwsAccess } from '../aws-client.ts';
import { isOfCredentials } from '../aws-errors.ts';
import { regionTold } from './s3-errors.ts';

export type S3Access = AwsAccess & {
  /** `https://host/bucket/key` in place of `https://bucket.host/key`; not set: for servers that are not AWS's. */
  readonly pathStyle?: boolean;
  readonly requestPayer?: boolean;
};

/** Attempts by kind, and bytes of objects that came. */
export type S3Requests = { list: number; get: number; put: number; remove: number; bytes: number };

export type S3Connection = {
  readonly requests: S3Requests;
  /** The server takes conditions with what is written, as far as is known. */
  careful: boolean;
  /** Where the bucket is asked for; '' before the first request. */
  region(): string;
  endpoint(): string;
  /** The server is known to be AWS's own. */
  isAws(): boolean;
  /** The region that was asked first, where S3 told another one. */
  redirectedFrom(): string | null;
  /** The client is made, so that it is known whom it asks. */
  ready(): Promise<void>;
  /** Asks; `ask` is called again where the region was wrong. */
  send<T>(ask: (client: S3Client, sdk: typeof Sdk) => Promise<T>): Promise<T>;
};

const KINDS: Readonly<Record<string, keyof S3Requests>> = {
  ListObjectsV2Command: 'list',
  GetObjectCommand: 'get',
  HeadObjectCommand: 'get',
  PutObjectCommand: 'put',
  CreateMultipartUploadCommand: 'put',
  UploadPartCommand: 'put',
  CompleteMultipartUploadCommand: 'put',
  ListMultipartUploadsCommand: 'list',
  AbortMultipartUploadCommand: 'remove',
  DeleteObjectsCommand: 'remove',
};

type Connected = {
  readonly client: S3Client;
  readonly region: string;
  readonly endpoint: string;
  readonly aws: boolean;
};

/** A connection that is made with the first request. */
export function s3Connection(access: S3Access): S3Connection {
  const requests: S3Requests = { list: 0, get: 0, put: 0, remove: 0, bytes: 0 };
  let connected: Promise<Connected> | null = null;
  let current: Connected | null = null;
  let from: string | null = null;

  async function open(region: string | undefined): Promise<Connected> {
    current = await connect(access, region, requests);
    return current;
  }

  async function send<T>(ask: (client: S3Client, sdk: typeof Sdk) => Promise<T>): Promise<T> {
    const sdk = await import('@aws-sdk/client-s3');
    connected ??= open(undefined);
    const asked = await connected;
    try {
      return await ask(asked.client, sdk);
    } catch (error) {
      // Whoever logs in again writes files that the next client reads.
      if (isOfCredentials(error) && current === asked) connected = null;
      const told = regionTold(error);
      if (told === null || told === asked.region) throw error;
      // Of several that are told at one time the first makes the new client.
      if (current === asked) {
        from ??= asked.region;
        current = null;
        connected = open(told);
      }
      return ask((await (connected ??= open(told))).client, sdk);
    }
  }

  return {
    requests,
    careful: true,
    region: () => current?.region ?? '',
    endpoint: () => current?.endpoint ?? access.endpoint ?? 'AWS',
    isAws: () => current?.aws ?? false,
    redirectedFrom: () => from,
    ready: async () => void (await (connected ??= open(undefined))),
    send,
  };
}

async function connect(access: S3Access, region: string | undefined, requests: S3Requests): Promise<Connected> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const settings = clientSettings(access, region);
  const endpoint = await endpointOf(access, 's3');
  const probe = new S3Client(settings);
  const found = await probe.config.region().catch(() => FALLBACK_REGION);
  probe.destroy();
  const aws = endpoint === null || isOfAws(endpoint);
  const checksums = aws ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  const config: S3ClientConfig = {
    ...settings,
    region: found,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: access.pathStyle ?? !aws,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
  };
  const client = new S3Client(config);
  count(client, requests);
  if (!aws) addBodyHash(client);
  return { client, region: found, endpoint: endpoint ?? `AWS, region ${found}`, aws };
}

/** Behind the retries, so that each attempt counts. */
function count(client: S3Client, requests: S3Requests): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const kind = KINDS[context.commandName ?? ''];
      if (kind !== undefined) requests[kind]++;
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'flowgaugeCount' },
  );
}

/** Older servers want Content-MD5 with a list of keys to remove, which the client no longer sends. */
function addBodyHash(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const request = args.request as { body?: unknown; headers: Record<string, string> };
      if (context.commandName === 'DeleteObjectsCommand' && typeof request.body === 'string')
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'flowgaugeBodyHash' },
  );
}
