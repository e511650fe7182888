/**
 * Makes `src/record/aws-ranges.generated.ts` from AWS's published list of address ranges, and the rows that its tests compare
 * it with.
 *
 * In:    the path of `ip-ranges.json`. Out: two files of constants.
 * Fails: as `rowsOfAwsRanges`; no file is written then.
 *
 * Use: bin/node scripts/make-aws-ranges.ts PATH
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { rowsOfAwsRanges } from '../src/record/aws-ranges.ts';
import { compareRows, intervalsOf, packIntervals } from '../src/record/service-names.ts';
import { packRows } from '../test/record/aws-rows.ts';

const path = process.argv[2];
if (path === undefined) {
  console.error('make-aws-ranges: name the file: bin/node scripts/make-aws-ranges.ts ip-ranges.json');
  process.exit(2);
}
const { createDate, rows } = rowsOfAwsRanges(JSON.parse(readFileSync(path, 'utf8')), path);
rows.sort((a, b) => a.family - b.family || compareRows(a, b));
// Cut into intervals here, so that it costs nothing when the program starts.
const { names, v4, v6 } = intervalsOf(rows);
const services = names.slice(1);

function write(place: string, what: string, constants: Readonly<Record<string, string>>): void {
  const lines = Object.entries(constants).map(([name, value]) => `export const ${name} = '${value}';\n`);
  const text = `/**
 * ${what}; made by \`scripts/make-aws-ranges.ts\`.
 *
 * Source: https://ip-ranges.amazonaws.com/ip-ranges.json
 */
${lines.join('')}`;
  writeFileSync(new URL(`../${place}`, import.meta.url), text);
  console.log(`${place}: ${Math.ceil(text.length / 1024)} KiB`);
}

write('src/record/aws-ranges.generated.ts', "AWS's list of address ranges as intervals (see `packIntervals`)", {
  RANGES_CREATED: createDate,
  RANGES_NAMES: services.join(' '),
  RANGES_V4: packIntervals(v4),
  RANGES_V6: packIntervals(v6),
});
write('test/record/aws-rows.generated.ts', "AWS's list of address ranges row by row (see `packRows`)", {
  ROWS_NAMES: services.join(' '),
  ROWS: Buffer.from(packRows(rows, services)).toString('base64'),
});
console.log(`${rows.length} blocks of ${services.length} services`);
