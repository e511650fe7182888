/**
 * As much of S3 as a writer asks for, in memory: objects, conditions, parts. Real servers are asked in test/servers/.
 *
 * In:    requests. Out: objects, and the parts of uploads that nobody ended.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeS3 = {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Uploads under way, by their id: the key. */
  readonly uploads: Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>;
  stop(): void;
};

type Answer = { readonly status?: number; readonly body?: string | Buffer; readonly headers?: Record<string, string> };

/** Starts it; every bucket is there. Keys stand with their bucket. */
export async function fakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const uploads: FakeS3['uploads'] = new Map();
  const server = createServer((request, response) => {
    answerTo(request, objects, uploads)
      .then(({ status = 200, body = '', headers = {} }) => {
        response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
        response.end(request.method === 'HEAD' ? '' : body);
      })
      .catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint, objects, uploads, stop };
}

async function answerTo(
  request: IncomingMessage,
  objects: FakeS3['objects'],
  uploads: FakeS3['uploads'],
): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  // A body that broke off is no object.
  if (bytes.length !== Number(request.headers['content-length'] ?? 0)) throw new Error('cut');
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://x');
  const key = decodeURIComponent(pathname).slice(1);
  const id = query.get('uploadId') ?? '';
  const upload = uploads.get(id);
  const taken = (): boolean => request.headers['if-none-match'] === '*' && objects.has(key);
  const etag = { etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
  switch (request.method) {
    case 'GET':
      if (query.has('list-type')) return { body: listing(objects, key.replace(/\/$/u, ''), query.get('prefix') ?? '') };
      if (query.has('uploads')) return { body: pending(uploads) };
      return objects.has(key) ? { body: objects.get(key)! } : { status: 404, body: said('NoSuchKey') };
    case 'HEAD':
      if (!objects.has(key)) return { status: 404 };
      return { headers: { 'content-length': String(objects.get(key)!.length), etag: '"e"' } };
    case 'PUT':
      if (upload !== undefined) upload.parts.set(Number(query.get('partNumber')), bytes);
      else if (taken()) return { status: 412, body: said('PreconditionFailed') };
      else objects.set(key, bytes);
      return { headers: etag };
    case 'POST': {
      if (query.has('uploads')) {
        const made = `u${uploads.size + 1}-${Math.random()}`;
        uploads.set(made, { key, parts: new Map() });
        return { body: `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>` };
      }
      if (upload === undefined) return { status: 404, body: said('NoSuchUpload') };
      if (taken()) return { status: 412, body: said('PreconditionFailed') };
      const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
      if (parts.slice(0, -1).some((part) => part.length < 5 << 20))
        return { status: 400, body: said('EntityTooSmall') };
      objects.set(key, Buffer.concat(parts));
      uploads.delete(id);
      return {
        body: '<CompleteMultipartUploadResult><ETag>"m-2"</ETag></CompleteMultipartUploadResult>',
      };
    }
    default:
      uploads.delete(id);
      return { status: 204 };
  }
}

function said(code: string): string {
  return `<Error><Code>${code}</Code><Message>fake</Message></Error>`;
}

function listing(objects: FakeS3['objects'], bucket: string, prefix: string): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`)).sort();
  const contents = keys.map(
    (key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key><Size>${objects.get(key)!.length}</Size></Contents>`,
  );
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
}

function pending(uploads: FakeS3['uploads']): string {
  const each = [...uploads].map(
    ([id, { key }]) => `<Upload><Key>${key.slice(key.indexOf('/') + 1)}</Key><UploadId>${id}</UploadId></Upload>`,
  );
  return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${each.join('')}</ListMultipartUploadsResult>`;
}
