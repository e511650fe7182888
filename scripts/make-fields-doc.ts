/**
 * Makes docs/fields.md from the table in src/record/fields/: `bin/node scripts/make-fields-doc.ts`.
 *
 * In:    the table. Out: the page. Holds: a test compares page and table, so neither is ahead of the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION } from '../src/record/fields/extension.ts';
import { INTERFACE_FIELDS } from '../src/record/fields/list.ts';
import { TRANSIT_GATEWAY, TRANSIT_GATEWAY_NAMES } from '../src/record/fields/transit-gateway.ts';
import type { Field } from '../src/record/fields/field.ts';
import { ROOT } from './files.ts';

const PARQUET = { VARCHAR: 'STRING', INTEGER: 'INT_32', BIGINT: 'INT_64' } as const;

/** How often a field must be looked up, in words. */
const FROM: Readonly<Record<Field['from'], string>> = {
  flow: 'the flow',
  decision: 'the verdict',
  interface: 'the interface',
  peer: 'the other end',
  constant: 'the format',
};

function table(fields: readonly Field[]): string[] {
  return [
    '| field | Parquet | Athena | meaning | `-` | comes from |',
    '|---|---|---|---|---|---|',
    ...fields.map(({ name, column, ddl, meaning, absent, from, print }) => {
      const source = print.kind === 'none' ? 'reading only' : FROM[from];
      return `| ${name} | ${PARQUET[column]} | ${ddl} | ${meaning} | ${absent} | ${source} |`;
    }),
  ];
}

/** The page. */
export function fieldsPage(): string {
  const versions = [...new Set(INTERFACE_FIELDS.map((field) => field.version))];
  const lines = [
    '# Fields',
    '',
    'Made by `bin/node scripts/make-fields-doc.ts` from `src/record/fields/`; do not edit it here. `flowgauge fields` prints the same.',
    '',
    'A log format is any choice of fields in any order, each once: `${srcaddr} ${dstaddr} ${bytes}`. The version of its records is the',
    'highest version among them, at least 2. In Parquet and in tables a field has underscores: `pkt_srcaddr`. Version 1 never',
    'was; version 6 is for transit gateways only. A field that does not apply is `-`, in Parquet NULL.',
    '',
    'NODATA and SKIPDATA lines keep what comes from the format and the interface, `start`, `end` and `log-status`; everything else is `-`.',
    'Where a tag’s value is empty the field is `-` too, because an empty field would break the line; a value that is a',
    'hyphen is `%2D`.',
  ];
  for (const version of versions) {
    const fields = INTERFACE_FIELDS.filter((field) => field.version === version);
    lines.push('', `## Version ${version} (${fields[0]!.since})`, '');
    if (version === 2) lines.push('The default format, in this order.', '');
    lines.push(...table(fields));
  }
  lines.push('', '## Ours', '', 'They do not raise the version, and appear only where a format names them.', '');
  lines.push(...table(EXTENSION));
  lines.push('', `## Version 6: transit gateways (${TRANSIT_GATEWAY[0]!.since})`, '');
  lines.push(
    'Read, never printed. AWS’s whole set, in its order:',
    '',
    '```',
    TRANSIT_GATEWAY_NAMES.join(' '),
    '```',
    '',
  );
  lines.push(...table(TRANSIT_GATEWAY));
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/fields.md'), fieldsPage());
