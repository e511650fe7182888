/**
 * Makes `src/record/aws-ranges.generated.ts` from AWS's published list of address ranges.
 *
 * In:    the path of `ip-ranges.json`. Out: the compact form, with the list's date.
 * Fails: as `rowsOfAwsRanges`; the file is not written then.
 *
 * Use: bin/node scripts/make-aws-ranges.ts PATH
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { packRows, rowsOfAwsRanges } from '../src/record/aws-ranges.ts';
import { compareRows } from '../src/record/service-names.ts';

const path = process.argv[2];
if (path === undefined) {
  console.error('make-aws-ranges: name the file: bin/node scripts/make-aws-ranges.ts ip-ranges.json');
  process.exit(2);
}
const { createDate, rows } = rowsOfAwsRanges(JSON.parse(readFileSync(path, 'utf8')), path);
// Sorted here, so that it costs nothing when the program starts.
rows.sort((a, b) => a.family - b.family || compareRows(a, b));
const names = [...new Set(rows.map((row) => row.service))].sort();
const packed = Buffer.from(packRows(rows, names)).toString('base64');
writeFileSync(
  new URL('../src/record/aws-ranges.generated.ts', import.meta.url),
  `/**
 * AWS's list of address ranges in compact form (see \`unpackRows\`), made by \`scripts/make-aws-ranges.ts\`.
 *
 * Source: https://ip-ranges.amazonaws.com/ip-ranges.json
 */
export const RANGES_CREATED = '${createDate}';
export const RANGES_NAMES = '${names.join(' ')}';
export const RANGES_ROWS = '${packed}';
`,
);
console.log(`${rows.length} blocks of ${names.length} services, ${Math.ceil(packed.length / 1024)} KiB`);
