/**
 * Our side of `attribution`: `Attribution` over text from the parser.
 *
 * In:    MODEL FILE. Out: a line with the records by outcome, and the memory at each tenth of the way.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { Attribution } from '../../src/explain/records/attribution.ts';
import { timeless } from '../../src/explain/records/model-times.ts';
import { reportOf } from '../../src/explain/records/report.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { createParser } from '../../src/record/parse.ts';

const [model = '', file = ''] = process.argv.slice(2);
const json: unknown = JSON.parse(readFileSync(model, 'utf8'));
const times = timeless(compileSnapshot(readModel([{ name: model, json }]), { version: 1, atMicros: 0 }));
const attribution = new Attribution(times);
const parser = createParser({ format: null, columns: null, origin: file });
const { size } = statSync(file);
const megabytes = Array.from({ length: 10 }, () => 0);
let read = 0;
for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
  for (const batch of parser.push(chunk)) {
    attribution.take(batch);
    parser.giveBack(batch.buffer);
  }
  read += chunk.length;
  const tenth = Math.min(9, Math.floor((read / size) * 10));
  megabytes[tenth] = Math.max(megabytes[tenth]!, process.memoryUsage.rss() / 2 ** 20);
}
for (const batch of parser.end()) attribution.take(batch);
const counts: Record<string, number> = {};
for (const { met, records } of reportOf(attribution, times).causes) {
  const key = met.map(({ ruleId }) => ruleId).join(' | ') || 'admitted';
  counts[key] = (counts[key] ?? 0) + records;
}
process.stdout.write(`${JSON.stringify({ counts, megabytes: megabytes.map(Math.round) })}\n`);
