/**
 * Our side of watch-bulk: objects of a directory through the handler of `watch worker` into the sink that discards, or one that counts bytes.
 *
 *   bin/node bench/watching/ours.ts DIR
 *
 * In:    where the objects lie. Out: on stdout records, bytes of bulk requests, wall and CPU, as JSON. No network is given; services of AWS are told.
 */
import { createWatchCounters } from '../../src/watch/counters.ts';
import { enrichWith } from '../../src/watch/enrich.ts';
import { handleObject } from '../../src/watch/handler.ts';
import type { Sink } from '../../src/watch/sinks/sink.ts';
import { directoryStore } from '../../src/storage/object/stores/directory.ts';
import { stopwatch } from '../writing/stopwatch.ts';

const [place = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const taken = stopwatch();
const store = directoryStore(place);
const counters = createWatchCounters();
let bytes = 0;
const sink: Sink = {
  name: 'counting',
  write({ count, lines }) {
    bytes += lines.length;
    return Promise.resolve({ created: count, existing: 0, refused: [] });
  },
};
const context = { sink, counters, signal, format: null, enrich: enrichWith(null) };
for await (const { key } of store.list('', null, signal))
  await handleObject({ bucket: 'b', key, store, seconds: null }, context);
console.log(JSON.stringify({ ...taken(), records: counters.records.read, bytes }));
