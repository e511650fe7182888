// Which objects of a bucket, on disk or s3://, may hold records of a day; nothing of them is read but their first lines.
//   bin/node docs/examples/objects-of-a-day.ts PLACE 2026-11-23
import { openSource, openTextFile } from 'flowgauge/lake';

const [place = 'flowgauge-data', day = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
const startSeconds = Date.parse(`${day}T00:00:00Z`) / 1000;
const { signal } = new AbortController();
const source = await openSource(place);
for await (const part of source.plan({ startSeconds, endSeconds: startSeconds + 86_400 }, signal)) {
  const fields = part.kind === 'text' ? (await openTextFile(part, signal)).format?.fields.length : undefined;
  console.log(`${part.ref.key} ${part.kind} ${part.ref.sizeBytes} bytes ${fields ?? '?'} fields`);
}
const { count, example } = source.stray();
if (example !== null) console.log(`${count} files are no flow log objects, as ${example}`);
