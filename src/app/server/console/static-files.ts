/**
 * The console's own files, as they were built.
 *
 * In:    the folder that `npm run build:web` makes; a path. Out: the file, packed with Brotli where the browser takes that.
 * Holds: only files that the folder had at the start, or when it was built, are given out: a path is looked up, never joined. Every other path under
 *        `/console/` that could be a screen's gets `index.html`, which reads it. Pages load nothing from elsewhere, run no script
 *        but the console's files, and are shown in nobody's frame.
 * Fails: never; where nothing was built, a page says so.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { textAnswer } from '../http.ts';

/** Where `npm run build:web` puts it, in the clone and in the package. */
export const WEB_FOLDER = join(import.meta.dirname, '../../../../web/dist');

const PREFIX = '/console/';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Of every page. Styles: see ADR 38. */
const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Of files whose names are made from their bytes. */
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' };

/** What answers paths under `/console/`. */
export function createStaticFiles(folder: string): (request: HttpRequest) => Promise<HttpAnswer> {
  let names = namesIn(folder);
  const kept = new Map<string, Promise<Uint8Array>>();
  const read = (name: string): Promise<Uint8Array> => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const bytes = readFile(join(folder, name));
    kept.set(name, bytes);
    bytes.catch(() => kept.delete(name));
    return bytes;
  };
  return async ({ method, url, headers }) => {
    if (method !== 'GET' && method !== 'HEAD') {
      const refused = textAnswer(405, 'This is read with GET.');
      return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } };
    }
    const path = url.split('?', 1)[0]!;
    if (path === '/console') return { status: 308, headers: { location: url.replace('/console', PREFIX) }, body: '' };
    // Once something was built it stays what it was.
    if (!names.has('index.html')) names = namesIn(folder);
    if (!names.has('index.html'))
      return textAnswer(
        503,
        'The console was not built; run `npm run build:web` in the clone and load this page again.',
      );
    const asked = path.slice(PREFIX.length);
    const isFile = names.has(asked);
    if (!isFile && asked.startsWith('assets/')) return textAnswer(404, 'There is no such file.');
    const name = isFile ? asked : 'index.html';
    const packed = `${name}.br`;
    const takesBrotli = /\bbr\b/u.test(headers['accept-encoding'] ?? '') && names.has(packed);
    return {
      status: 200,
      headers: {
        ...PAGE_HEADERS,
        ...(name.startsWith('assets/') ? FOREVER : {}),
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        vary: 'accept-encoding',
        ...(takesBrotli ? { 'content-encoding': 'br' } : {}),
      },
      body: await read(takesBrotli ? packed : name),
    };
  };
}

/** Whether a path is answered here. */
export function isConsolePath(path: string): boolean {
  return path === '/console' || path.startsWith(PREFIX);
}

function namesIn(folder: string): ReadonlySet<string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return new Set(files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)));
  } catch {
    return new Set();
  }
}
