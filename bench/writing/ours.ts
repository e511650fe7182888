/**
 * Our side of P5, as a process of its own: flow batches in memory to one text.gz file.
 *
 *   bin/node bench/writing/ours.ts OUT.gz RECORDS
 *
 * In:    file and number of records. Out: the file; on stdout what printing, compressing and writing it took, as JSON.
 */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { optionFlowLog } from '../../src/app/collector/option-flow-log.ts';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from '../../src/record/format.ts';
import { createPrinter } from '../../src/record/print.ts';
import { builtInRanges } from '../../src/record/service-names.ts';
import { createTextBlock } from '../../src/record/text-block.ts';
import { GZIP_PART_BYTES, createGzipMember, deflatePart, threadsAllowed } from '../../src/storage/object/gzip.ts';
import { flowsInMemory } from './flows.ts';
import { stopwatch } from './stopwatch.ts';

const [out = '', records = ''] = process.argv.slice(2);
const { snapshot, decisions, batches } = flowsInMemory(Number(records), 1);
const format = parseLogFormat(DEFAULT_FORMAT);
const flowLog = optionFlowLog(
  { format: DEFAULT_FORMAT, intervalSeconds: 60, traffic: 'ALL', fileFormat: 'plain-text', hive: false, hourly: false },
  snapshot,
);
const threads = threadsAllowed();

const taken = stopwatch();
const printer = createPrinter({ format, flowLog, snapshot, decisions, ranges: builtInRanges(), perInterface: false });
const file = await open(out, 'w');
const member = createGzipMember();
await file.write(member.head);
const block = createTextBlock(GZIP_PART_BYTES * 2);
block.bytes.set(Buffer.from(`${headerLine(format)}\n`));
block.length = headerLine(format).length + 1;
let before: Uint8Array | null = null;
let line: Promise<void> = Promise.resolve();
const inFlight = { parts: 0 };
let freed = Promise.withResolvers<void>();

/** Compresses what was printed, beside the printing, and writes it in order. */
function hand(): void {
  const text = block.bytes.slice(0, block.length);
  block.length = 0;
  const compressed = deflatePart(text, before, threads);
  before = text;
  inFlight.parts++;
  line = line.then(async () => {
    const bytes = await compressed;
    member.add(crc32(text), text.length, bytes);
    await file.write(bytes);
    inFlight.parts--;
    freed.resolve();
    freed = Promise.withResolvers();
  });
}

for (const batch of batches) {
  printer.print(batch, () => block);
  if (block.length < GZIP_PART_BYTES) continue;
  while (inFlight.parts > threads) await freed.promise;
  hand();
}
hand();
await line;
await file.write(member.tail());
await file.close();
process.stdout.write(`${JSON.stringify(taken())}\n`);
