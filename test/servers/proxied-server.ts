/**
 * A server of S3 for the tests of a suite, behind a proxy that sees and spoils requests.
 *
 * In:    how it is started. Out: it, or that a test is to be left out.
 * Holds: to be called inside a suite; both begin before its tests and end after them. A server that is not installed skips them.
 */
import { after, before } from 'node:test';
import type { TestContext } from 'node:test';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { useCredentials } from './s3-place.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

export type ProxiedServer = {
  /** Once `ready` gave the server. */
  readonly proxy: Proxy;
  /** The server with a proxy that spoils nothing and has seen nothing; null where the test has to be left out. */
  readonly ready: (context: TestContext) => S3Server | null;
};

/** Starts both. */
export function proxiedServer(start: () => Promise<S3Server>): ProxiedServer {
  let server: S3Server | null = null;
  let proxy: Proxy | null = null;
  let why = '';
  before(async () => {
    try {
      server = await start();
      proxy = await startProxy(server.endpoint);
      useCredentials(server);
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
    }
  });
  after(async () => {
    await proxy?.stop();
    await server?.stop();
  });
  return {
    get proxy() {
      return proxy!;
    },
    ready(context) {
      if (server === null || proxy === null) {
        context.skip(why);
        return null;
      }
      proxy.fault = () => null;
      proxy.seen.length = 0;
      return server;
    },
  };
}
