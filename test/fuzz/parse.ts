/**
 * Fuzzes the parser of record text: `bin/node test/fuzz/parse.ts --seconds 60 --seed N`, or `--inputs 10000000`.
 *
 * In:    how long, and a seed (printed; default: the clock). Out: a line every ten seconds; exit 1 when a promise is broken.
 * Holds: begins from every sample and every kept seed. An input that breaks a promise is written to
 *        `test/fuzz/seeds/parse/` and stays in the repository.
 * Fails: with exit 1.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Random, brokenPromise, nextInput } from '../record/fuzz-lines.ts';

const SEEDS = new URL('seeds/parse/', import.meta.url);
const SAMPLES = new URL('../fixtures/samples/', import.meta.url);
const TELL_MILLIS = 10_000;

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
const started = performance.now();
let told = started;
let inputs = 0;
let broken = false;
console.log(`parse: seed ${seed}, beginning from ${kept.length} files`);

while (!broken && inputs < most && performance.now() - started < millis) {
  const input = nextInput(random, kept);
  const promise = brokenPromise(random, input);
  inputs++;
  if (promise !== null) {
    const name = `${seed}-${inputs}.bin`;
    writeFileSync(new URL(name, SEEDS), input);
    console.error(`parse: input ${inputs} of seed ${seed}: ${promise}\nparse: kept as test/fuzz/seeds/parse/${name}`);
    broken = true;
  }
  if (performance.now() - told > TELL_MILLIS) {
    told = performance.now();
    console.log(`parse: ${inputs} inputs, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  }
}
console.log(`parse: ${inputs} inputs, ${Math.round(inputs / ((performance.now() - started) / 1000))} a second`);
process.exitCode = broken ? 1 : 0;
