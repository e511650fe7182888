// Who was rejected most: a saved query over any place that `--from` of `flowgauge query` takes.
//   bin/node docs/examples/rejected-sources.ts PLACE
import { ask } from 'flowgauge/query';

const [place = 'test/fixtures/saved-queries/default-v2.log'] = process.argv.slice(2);
const answer = await ask(place, 'rejected-by-source', { limit: '3' });
console.log(answer.columns.map(({ name }) => name).join(' '));
for await (const batch of answer.rows) for (const row of batch) console.log(row.join(' '));
// What could not be read is told, not left out in silence.
for (const note of answer.notes) console.error(note);
