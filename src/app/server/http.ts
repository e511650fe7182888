/**
 * The HTTP server of `up`: who may connect, how much and how long, and how it ends.
 *
 * In:    requests. Out: what a handler answers to each.
 * Holds: a handler sees whole requests of bounded size only. Memory is bounded: connections, headers, one body, all bodies
 *        together; so is time: for headers, a body, an answer, a reader that does not read. Whatever comes in, the process
 *        goes on: a malformed request, a handler that throws. On this machine alone, a request must name this machine:
 *        a web page whose name was made to lead here does not (DNS rebinding).
 * Fails: `FG_PORT_IN_USE`, `FG_LISTEN`, `FG_TLS_FILES` at the start; never afterwards.
 */
import { once, setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { failure, failureFrom, FlowgaugeError } from '../../model/errors.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import type { Listen } from './listen.ts';

/** A whole request; `url` is path and query as they came. Of a header that came twice the values are joined as HTTP says. */
export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Aborts when whoever asked has gone, or the server closes; not given: nobody can go. */
  readonly gone?: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** What follows the body, as it comes; how long it will be is not told. One that fails ends the connection. */
  readonly stream?: AsyncIterable<Uint8Array | string>;
};

export type HttpHandler = (request: HttpRequest) => Promise<HttpAnswer>;

export type HttpLimits = {
  readonly connections: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Of all requests that are there at a time. */
  readonly allBodiesBytes: number;
  /** From the connection, or the end of the request before, to the last header. */
  readonly headersMillis: number;
  /** As before, to the last byte of the body. */
  readonly requestMillis: number;
  /** For a handler. */
  readonly answerMillis: number;
  /** Without a byte in either direction, while there is something to send or to come. */
  readonly silentMillis: number;
  /** Answers that are streams, at a time. */
  readonly streams: number;
  /** For one of them. */
  readonly streamMillis: number;
  readonly keepAliveMillis: number;
  /** How often the times of requests are looked at. */
  readonly lookMillis: number;
  /** For requests that are under way when the server closes. */
  readonly closeMillis: number;
};

export const HTTP_LIMITS: HttpLimits = {
  connections: 512,
  headerBytes: 32 * 1024,
  bodyBytes: 8 * 1024 * 1024,
  allBodiesBytes: 64 * 1024 * 1024,
  headersMillis: 10_000,
  requestMillis: 30_000,
  answerMillis: 60_000,
  silentMillis: 90_000,
  streams: 64,
  streamMillis: 3_600_000,
  keepAliveMillis: 5000,
  lookMillis: 1000,
  closeMillis: 5000,
};

export type HttpServer = {
  /** Where it is reached, without a path. */
  readonly url: string;
  /** Takes no more connections; requests that are there are answered, within the bound; streams end. */
  close(): Promise<void>;
};

export type HttpOptions = {
  readonly listen: Omit<Listen, 'publicUrl'>;
  readonly handler: HttpHandler;
  /** A handler failed, and its request was answered with 500; or a connection could not be taken. */
  readonly failed: (error: FlowgaugeError) => void;
  readonly limits?: Partial<HttpLimits>;
};

/** Starts to listen. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { listen } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const closing = new AbortController();
  // One listener for each request that is there.
  setMaxListeners(0, closing.signal);
  const state: State = { bodyBytes: 0, streams: 0, closing: closing.signal };
  const server = await createFor(listen, limits, listenerOf(options, limits, state));
  server.maxConnections = limits.connections;
  server.timeout = limits.silentMillis;
  try {
    server.listen({ host: listen.address, port: listen.port, ipv6Only: false });
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw failureFrom(error, 'FG_PORT_IN_USE', listen.address, listen.port);
    const why = error instanceof Error ? error.message : String(error);
    throw failureFrom(error, 'FG_LISTEN', listen.address, listen.port, why);
  }
  // Such as no file number left for one more.
  server.on('error', (error) => options.failed(failureFrom(error, 'FG_HTTP_ACCEPT', error.message)));
  const { port } = server.address() as AddressInfo;
  const host = isIP(listen.address) === 6 ? `[${listen.address}]` : listen.address;
  return {
    url: `${listen.tls === null ? 'http' : 'https'}://${host}:${port}`,
    async close() {
      const closed = once(server, 'close');
      closing.abort();
      server.close();
      const late = setTimeout(() => server.closeAllConnections(), limits.closeMillis);
      try {
        await closed;
      } finally {
        clearTimeout(late);
      }
    },
  };
}

async function createFor(
  listen: HttpOptions['listen'],
  limits: HttpLimits,
  listener: RequestListener,
): Promise<Server> {
  const bounds = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMillis,
    requestTimeout: limits.requestMillis,
    keepAliveTimeout: limits.keepAliveMillis,
    connectionsCheckingInterval: limits.lookMillis,
  };
  if (listen.tls === null) return createServer(bounds, listener);
  const { createServer: createTlsServer } = await import('node:https');
  const files = [listen.tls.cert, listen.tls.key] as const;
  try {
    const [cert, key] = await Promise.all(files.map((path) => readFile(path)));
    return createTlsServer(
      { ...bounds, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersMillis },
      listener,
    );
  } catch (error) {
    throw failureFrom(error, 'FG_TLS_FILES', ...files, error instanceof Error ? error.message : String(error));
  }
}

/** Bytes of all bodies, and streams, that are there; `closing`: no connection is kept for another request. */
type State = { bodyBytes: number; streams: number; readonly closing: AbortSignal };

function listenerOf({ listen, handler, failed }: HttpOptions, limits: HttpLimits, state: State): RequestListener {
  const serve = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const host = asked.headers.host ?? '';
    if (listen.ownNamesOnly && !isOwnName(host)) {
      refuse(answer, 421, failure('FG_HTTP_HOST', host.slice(0, 200)).message);
      return;
    }
    const url = asked.url ?? '';
    // `*`, a whole URL as for a proxy: nothing here is called so.
    if (!url.startsWith('/')) {
      refuse(answer, 400, 'The target of a request is a path.');
      return;
    }
    const body = await readBody(asked, limits, state);
    try {
      if (body === 'too-large') refuse(answer, 413, `A body has at most ${limits.bodyBytes} bytes.`);
      else if (body === 'no-room') refuse(answer, 503, 'Too many requests at a time; ask again in a second.');
      else {
        const method = asked.method ?? 'GET';
        const headers = headersOf(asked);
        const left = new AbortController();
        answer.once('close', () => left.abort());
        const gone = AbortSignal.any([left.signal, state.closing]);
        const given = await within(limits.answerMillis, answer, handler({ method, url, headers, body, gone }));
        if (given === null) {
          left.abort();
          refuse(answer, 503, 'The answer took too long.');
        } else if (given.stream === undefined) send(answer, given, state.closing.aborted);
        else if (state.streams >= limits.streams)
          refuse(answer, 503, 'Too many answers are under way; ask again in a second.');
        else await sendStream(answer, given, given.stream, limits, state, gone);
      }
    } finally {
      if (typeof body !== 'string') state.bodyBytes -= body.length;
    }
  };
  return (asked, answer) => {
    serve(asked, answer).catch((error: unknown) => {
      // One that has gone in the middle of its request is no failure of ours.
      if (asked.destroyed && !asked.complete) return;
      const why = error instanceof Error ? error.message : String(error);
      const path = (asked.url ?? '').split('?', 1)[0]!.slice(0, 200);
      // What a stream says when it is cut off is its own affair.
      const known = answer.headersSent && error instanceof FlowgaugeError ? error : null;
      failed(known ?? failureFrom(error, 'FG_HTTP_HANDLER', asked.method ?? 'GET', path, why));
      if (answer.headersSent) answer.destroy();
      else send(answer, textAnswer(500, 'Something went wrong here; the log of the server says more.'), true);
    });
  };
}

/** An address, or a name that leads to this machine for everybody. */
function isOwnName(host: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/u.exec(host) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  const name = plain?.toLowerCase() ?? '';
  return isIP(name) === 4 || /^(?:[a-z0-9-]+\.)*localhost\.?$/u.test(name);
}

/** The body; its bytes stay counted until the caller is done with it. */
async function readBody(
  asked: IncomingMessage,
  limits: HttpLimits,
  state: State,
): Promise<Uint8Array | 'too-large' | 'no-room'> {
  if (Number(asked.headers['content-length'] ?? 0) > limits.bodyBytes) return 'too-large';
  const pieces: Buffer[] = [];
  let bytes = 0;
  let whole = false;
  try {
    // Not taken down with the loop: the refusal goes out on the same connection.
    for await (const piece of asked.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += piece.length;
      state.bodyBytes += piece.length;
      if (bytes > limits.bodyBytes) return 'too-large';
      if (state.bodyBytes > limits.allBodiesBytes) return 'no-room';
      pieces.push(piece);
    }
    whole = true;
  } finally {
    if (!whole) state.bodyBytes -= bytes;
  }
  return Buffer.concat(pieces);
}

function headersOf(asked: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked.headers))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  return headers;
}

/** Null when it took longer, or whoever asked has gone. */
async function within<T>(millis: number, answer: ServerResponse, work: Promise<T>): Promise<T | null> {
  const over = Promise.withResolvers<null>();
  const timer = setTimeout(() => over.resolve(null), millis);
  answer.once('close', () => over.resolve(null));
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers without the rest of the request, and ends the connection: what else comes on it is not read. */
function refuse(answer: ServerResponse, status: number, text: string): void {
  send(answer, textAnswer(status, text), true);
}

/** A line of text. */
export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}

const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/** `last`: the connection ends with this answer. */
function send(answer: ServerResponse, { status, headers, body }: HttpAnswer, last: boolean): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const end = last ? { connection: 'close' } : {};
  answer.writeHead(status, { ...SAFE_HEADERS, ...headers, ...end, 'content-length': length });
  // Node sends a text in one piece with the head.
  answer.end(body);
}

/** Sends pieces as they come, no faster than they are read. */
async function sendStream(
  answer: ServerResponse,
  { status, headers, body }: HttpAnswer,
  stream: AsyncIterable<Uint8Array | string>,
  limits: HttpLimits,
  state: State,
  gone: AbortSignal,
): Promise<void> {
  const over = AbortSignal.any([gone, AbortSignal.timeout(limits.streamMillis)]);
  const isOver = Promise.withResolvers<'over'>();
  over.addEventListener('abort', () => isOver.resolve('over'));
  if (over.aborted) isOver.resolve('over');
  answer.writeHead(status, { ...SAFE_HEADERS, ...headers });
  answer.write(body);
  answer.flushHeaders();
  const pieces = stream[Symbol.asyncIterator]();
  state.streams += 1;
  try {
    for (;;) {
      // Silence is the reader's only where there is something to read.
      answer.socket?.setTimeout(0);
      const next = await Promise.race([pieces.next(), isOver.promise]);
      answer.socket?.setTimeout(limits.silentMillis);
      // Cut off, so that the reader does not take it for whole.
      if (next === 'over') {
        answer.destroy();
        return;
      }
      if (next.done === true) break;
      if (next.value.length > 0 && !answer.write(next.value))
        await Promise.race([once(answer, 'drain', { signal: over }).catch(() => null), isOver.promise]);
    }
    answer.end();
  } finally {
    state.streams -= 1;
    // Not waited for: it may be in the middle of something that ends when it likes.
    void pieces.return?.()?.catch(() => null);
  }
}
