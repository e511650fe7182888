// Bytes of each interface: record text as columns, read in pieces as they come, without a database.
//   bin/node docs/examples/bytes-by-interface.ts FILE.log.gz
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { RecordColumns } from 'flowgauge/record';
import { createParser, valuesOf } from 'flowgauge/record';

const [file = 'test/fixtures/saved-queries/default-v2.log'] = process.argv.slice(2);
const parser = createParser({ format: null, columns: ['interface-id', 'bytes'], origin: file });
const total = new Map<string, bigint>();

function count({ rows, columns, buffer }: RecordColumns): void {
  const [interfaceId, bytes] = columns.map(valuesOf);
  if (interfaceId === undefined || bytes === undefined) throw new Error(`${file} lacks interface-id or bytes`);
  for (let row = 0; row < rows; row++) {
    const name = String(interfaceId(row));
    // NODATA and SKIPDATA records have no bytes: null.
    total.set(name, (total.get(name) ?? 0n) + BigInt(bytes(row) ?? 0));
  }
  parser.giveBack(buffer);
}

const stored = createReadStream(file);
const text: AsyncIterable<Uint8Array> = file.endsWith('.gz') ? stored.pipe(createGunzip()) : stored;
for await (const chunk of text) for (const columns of parser.push(chunk)) count(columns);
for (const columns of parser.end()) count(columns);
for (const [name, bytes] of total) console.log(`${name} ${bytes}`);
for (const line of parser.described) console.error(`${line.origin}:${line.line}: ${line.cause}`);
