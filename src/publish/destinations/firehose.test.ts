import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { firehoseDestination } from './firehose.ts';

const ARN = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/gone';

/** What a check says when the service answers with an error. */
async function checked(type: string): Promise<string | undefined> {
  const server = createServer((_, answer) => {
    answer.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    answer.end(JSON.stringify({ __type: type, message: 'as the test wants it' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
  const destination = firehoseDestination(ARN, { endpoint: `http://127.0.0.1:${port}` });
  try {
    return (await destination.check(AbortSignal.timeout(10_000)))?.code;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a stream that does not exist is told from one that may not be asked', async () => {
  assert.equal(await checked('ResourceNotFoundException'), 'FG_STREAM_MISSING');
  assert.equal(await checked('AccessDeniedException'), 'FG_STREAM_WRITE');
});
