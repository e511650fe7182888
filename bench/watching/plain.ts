/**
 * The other side of watch-bulk: a worker as one writes it: unpack, split lines, split fields, an object, JSON.
 *
 *   bin/node bench/watching/plain.ts DIR ecs|flat
 *
 * In:    where the objects lie; `ecs`: the same documents as ours but for services of AWS (`test/watch/plain-documents.ts`), `flat`: the fields
 *        under their names, as text, no time, nothing else. Out: as ours.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { plainDocument } from '../../test/watch/plain-documents.ts';
import { stopwatch } from '../writing/stopwatch.ts';

const [place = '', what = 'ecs'] = process.argv.slice(2);
const LIMIT = 4 << 20;
const taken = stopwatch();
let [records, bytes] = [0, 0];

/** What a client would send. */
function send(body: string): void {
  bytes += Buffer.from(body).length;
}

function flat(line: string, names: readonly string[]): Record<string, string> {
  const values = line.split(' ');
  return Object.fromEntries(names.map((name, at) => [name, values[at]!]));
}

for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const key = join(entry.parentPath, entry.name).slice(place.length + 1);
  const prefix = createHash('sha256').update(`b/${key}`).digest('base64url').slice(0, 20);
  const [header = '', ...lines] = gunzipSync(readFileSync(join(entry.parentPath, entry.name)))
    .toString('utf8')
    .split('\n');
  const names = header.split(' ');
  const origin = { bucket: 'b', key, accountId: null, region: 'eu-central-1', seconds: 0 };
  let body = '';
  for (const [at, line] of lines.entries()) {
    if (line === '') continue;
    const document = what === 'flat' ? flat(line, names) : plainDocument(line, names, origin);
    body += `{"create":{"_id":"${prefix}-${at}"}}\n${JSON.stringify(document)}\n`;
    records++;
    if (body.length < LIMIT) continue;
    send(body);
    body = '';
  }
  if (body !== '') send(body);
}
console.log(JSON.stringify({ ...taken(), records, bytes }));
