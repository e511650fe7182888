/**
 * Fuzzes what tells the forms of files: `bin/node test/fuzz/forms.ts --seconds 60 --seed N`, or `--inputs 100000`.
 * An input is a file of any form and packing, changed by chance.
 *
 * In:    how long, and a seed (printed; default: the clock). Out: a line every ten seconds; exit 1 when a promise is broken.
 * Holds: begins from every sample and every kept seed. A file that breaks a promise is written to `test/fuzz/seeds/forms/`,
 *        where the unit tests read it for ever.
 * Fails: with exit 1.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brokenPromise, nextFile } from '../conformance/forms/fuzz-forms.ts';
import { Random } from '../record/fuzz-lines.ts';

const SEEDS = new URL('seeds/forms/', import.meta.url);
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
const filesOf = (folder: URL): Uint8Array[] =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
const kept = [...filesOf(SEEDS), ...filesOf(SAMPLES)];
const random = new Random(seed);
const started = performance.now();
let told = started;
let inputs = 0;
let broken = false;
console.log(`forms: seed ${seed}, beginning from ${kept.length} files`);

while (!broken && inputs < most && performance.now() - started < millis) {
  const bytes = nextFile(random, kept);
  const promise = await brokenPromise(random, bytes);
  inputs++;
  if (promise !== null) {
    broken = true;
    const name = `${seed}-${inputs}.bin`;
    writeFileSync(new URL(name, SEEDS), bytes);
    console.error(`forms: input ${inputs} of seed ${seed}: ${promise}`);
    console.error(`forms: written to test/fuzz/seeds/forms/${name}; commit it, \`npm test\` reads it again`);
  }
  if (performance.now() - told > TELL_MILLIS) {
    told = performance.now();
    console.log(`forms: ${inputs} inputs, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  }
}
const rate = Math.round(inputs / ((performance.now() - started) / 1000));
console.log(`forms: ${inputs} inputs, ${rate} a second`);
process.exitCode = broken ? 1 : 0;
