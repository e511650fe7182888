/**
 * Fuzzes the parser of record text: `bin/node test/fuzz/parse.ts --seconds 60 --seed N`, or `--inputs 10000000`.
 * An input is a line or a header made or broken on its own; thousands of them are read at once, as one file.
 *
 * In:    how long, and a seed (printed; default: the clock). Out: a line every ten seconds; exit 1 when a promise is broken.
 * Holds: begins from every sample and every kept seed. A file that breaks a promise is made small, printed, and written to
 *        `test/fuzz/seeds/parse/`, where the unit tests read it for ever.
 * Fails: with exit 1.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brokenPromise, shrink } from '../record/fuzz-check.ts';
import { Random, nextBatch } from '../record/fuzz-lines.ts';

const SEEDS = new URL('seeds/parse/', import.meta.url);
const SAMPLES = new URL('../fixtures/samples/', import.meta.url);
const TELL_MILLIS = 10_000;
const SHOWN_CHARACTERS = 4000;

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, inputs: { type: 'string' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const most = Number(values.inputs ?? Number.MAX_SAFE_INTEGER);
const millis =
  values.seconds === undefined ? (values.inputs === undefined ? 60_000 : Infinity) : Number(values.seconds) * 1000;

mkdirSync(SEEDS, { recursive: true });
const filesOf = (folder: URL, ending: string): Uint8Array[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
const kept = [...filesOf(SEEDS, '.bin'), ...filesOf(SAMPLES, '.log')];
const random = new Random(seed);
// Many files end with an error, and its stack would be much of the work.
Error.stackTraceLimit = 5;
const started = performance.now();
let told = started;
let inputs = 0;
let files = 0;
let broken = false;
console.log(`parse: seed ${seed}, beginning from ${kept.length} files`);

while (!broken && inputs < most && performance.now() - started < millis) {
  const batch = nextBatch(random, kept);
  const manner = random.next(1_000_000_000);
  const promise = brokenPromise(batch.bytes, manner);
  inputs += batch.inputs;
  files++;
  if (promise !== null) {
    broken = true;
    const small = shrink(batch.bytes, manner);
    const name = `${seed}-${files}-${small.seed}.bin`;
    writeFileSync(new URL(name, SEEDS), small.bytes);
    const text = JSON.stringify(Buffer.from(small.bytes).toString('latin1'));
    console.error(`parse: file ${files} of seed ${seed}, input ${inputs} or before: ${promise}`);
    console.error(`parse: made small (one character a byte): ${text.slice(0, SHOWN_CHARACTERS)}`);
    console.error(`parse: which breaks: ${brokenPromise(small.bytes, small.seed)}`);
    console.error(`parse: written to test/fuzz/seeds/parse/${name}; commit it, \`npm test\` reads it again`);
  }
  if (performance.now() - told > TELL_MILLIS) {
    told = performance.now();
    console.log(`parse: ${inputs} inputs, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  }
}
const rate = Math.round(inputs / ((performance.now() - started) / 1000));
console.log(`parse: ${inputs} inputs in ${files} files, ${rate} a second`);
process.exitCode = broken ? 1 : 0;
