/**
 * A way to a server that counts what is asked, and fails when it is told to.
 *
 * In:    a server's address, and what to do with each request. Out: another address.
 * Holds: what is let through is not changed, the `Host` that was signed included.
 */
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
};

/**
 * `cut` ends the connection in the middle of the body, `silent` never answers, `lost` lets the request through and ends
 * the connection in place of the answer, `held` lets it through and never answers, `half` breaks off in the middle of the request. An object is an answer of its own.
 */
export type Fault =
  | 'reset'
  | 'lost'
  | 'held'
  | 'half'
  | 'cut'
  | 'silent'
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  | null;

export type Proxy = {
  readonly endpoint: string;
  readonly seen: Seen[];
  /** Most requests under way at one time. */
  readonly most: () => number;
  fault: (seen: Seen) => Fault;
  stop(): Promise<void>;
};

/** Starts it. */
export async function startProxy(target: string): Promise<Proxy> {
  const seen: Seen[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((incoming, answer) => {
    open++;
    most = Math.max(most, open);
    answer.on('close', () => open--);
    const url = new URL(incoming.url ?? '/', target);
    const one = {
      method: incoming.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: incoming.headers,
    };
    seen.push(one);
    const fault = proxy.fault(one);
    if (fault === 'silent') return;
    if (fault === 'reset') incoming.socket.resetAndDestroy();
    else if (fault === 'lost' || fault === 'held' || fault === 'half') forwardOnly(incoming, target, fault);
    else if (fault !== null && fault !== 'cut') {
      answer.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers });
      answer.end(fault.body);
    } else forward(incoming, answer, target, fault === 'cut');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    most: () => most,
    fault: () => null,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** The target gets the request, or its first bytes; whoever asked gets no answer. */
function forwardOnly(incoming: IncomingMessage, target: string, how: 'lost' | 'held' | 'half'): void {
  const { hostname, port } = new URL(target);
  const { method, url, headers } = incoming;
  const { socket } = incoming;
  const onward = ask({ hostname, port, method, path: url, headers, agent: false }, (back) => {
    back.resume();
    if (how === 'lost') back.on('end', () => socket.resetAndDestroy());
  });
  onward.on('error', () => socket.resetAndDestroy());
  if (how === 'half')
    incoming.once('data', (chunk: Buffer) => {
      onward.write(chunk.subarray(0, chunk.length >> 1), () => onward.destroy());
      incoming.resume();
    });
  else incoming.pipe(onward);
}

function forward(incoming: IncomingMessage, answer: ServerResponse, target: string, cut: boolean): void {
  const { hostname, port } = new URL(target);
  const onward = ask(
    { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false },
    (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers);
      // Swift sends a body behind the answer to HEAD, which is none.
      if (incoming.method === 'HEAD') {
        answer.end();
        return;
      }
      if (!cut) {
        back.pipe(answer);
        return;
      }
      const half = Number(back.headers['content-length'] ?? 0) >> 1;
      back.once('data', (chunk: Buffer) => {
        answer.write(chunk.subarray(0, Math.max(1, Math.min(half, chunk.length - 1))), () =>
          answer.socket?.resetAndDestroy(),
        );
        back.destroy();
      });
    },
  );
  onward.on('error', () => {
    if (incoming.method !== 'HEAD' || !answer.headersSent) answer.destroy();
  });
  incoming.pipe(onward);
}

/** An error as S3 words it. */
export function s3Error(
  status: number,
  code: string,
  message = 'as the test wants it',
  headers: Record<string, string> = {},
): Fault {
  return {
    status,
    headers,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
