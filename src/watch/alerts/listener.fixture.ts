/**
 * A server that takes alerts, for tests.
 *
 * In:    what it does with each request. Out: its URL, and what came.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export type Came = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/**
 * Starts it.
 *
 * @param answer  called with each request that came whole, counted from 1
 */
export async function listener(
  test: Pick<TestContext, 'after'>,
  answer: (response: ServerResponse, count: number, came: Came) => void = (response) => response.end('ok'),
): Promise<{ readonly url: URL; readonly came: readonly Came[] }> {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      came.push(one);
      answer(response, came.length, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/B0/very-secret`), came };
}
