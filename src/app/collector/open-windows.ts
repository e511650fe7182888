/**
 * Tells queries what is in the windows that are still open.
 *
 * In:    requests on a socket that only this user may open. Out: records as text, header line first.
 * Holds: a look changes nothing: the same flows come again, whole, when their windows close. With it goes the count of
 *        what was done with the bucket; while that stays, what was looked at is in no object, and all else is. A slow
 *        reader holds up neither capture nor delivery.
 * Fails: where the socket cannot be made, with the system's error.
 */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BUCKET_CHANGES, OPEN_WINDOWS_PATH, socketPath } from '../../lake/read/open-windows.ts';

/** What was looked at: pieces of text, to be read once. */
export type OpenLook = { readonly changes: number; readonly pieces: () => Iterable<Uint8Array> };

export type OpenWindowsServer = { close(): Promise<void> };

/** A socket is a file that its maker's user may use, and nobody else. */
const ONLY_OWNER = 0o177;

/**
 * Listens.
 *
 * @param path     of the socket; one that was left there is taken away
 * @param look     asked once for each request
 * @param changes  how often something was done with the bucket so far
 */
export async function serveOpenWindows(
  path: string,
  look: () => Promise<OpenLook>,
  changes: () => number,
): Promise<OpenWindowsServer> {
  const server = createServer((asked, answer) => {
    serve(asked, answer, look, changes).catch(() => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(503).end();
    });
  });
  rmSync(path, { force: true });
  const reached = socketPath(path);
  if (reached === null) throw new Error(`${path} is too long for a socket`);
  const mask = process.umask(ONLY_OWNER);
  try {
    // The file is made before this returns.
    server.listen(reached.path);
  } finally {
    process.umask(mask);
  }
  try {
    await once(server, 'listening');
  } catch (error) {
    reached.close();
    throw error;
  }
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      // The server has taken away its file, by the name that it was made under.
      reached.close();
      rmSync(path, { force: true });
    },
  };
}

async function serve(
  asked: IncomingMessage,
  answer: ServerResponse,
  look: () => Promise<OpenLook>,
  changes: () => number,
): Promise<void> {
  if (asked.url !== OPEN_WINDOWS_PATH || (asked.method !== 'GET' && asked.method !== 'HEAD')) {
    answer.writeHead(404).end();
    return;
  }
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  if (asked.method === 'HEAD') {
    answer.writeHead(200, { ...type, [BUCKET_CHANGES]: changes() }).end();
    return;
  }
  const found = await look();
  answer.writeHead(200, { ...type, [BUCKET_CHANGES]: found.changes });
  for (const piece of found.pieces()) {
    if (answer.destroyed) return;
    if (!answer.write(piece)) await Promise.race([once(answer, 'drain'), once(answer, 'close')]);
  }
  answer.end();
}
