/**
 * Statements that make a place a table of another engine.
 *
 * In:    what the place stores, and an engine. Out: SQL; it is run there, and nothing is run here.
 * Holds: the tables have the names and types of columns that saved queries ask for; `-` of text is NULL where the engine can be
 *        told so. Partitions of Athena and Trino are projected: none has to be loaded, and days that come are there. A lake's partition is
 *        `day`; of objects they are `account`, `aws_region` and the parts of the date, named so that no field has their names.
 * Fails: never.
 * @see   Athena User Guide, "Partition projection"; Trino, "Hive connector"; Spark SQL, "CREATE DATASOURCE TABLE", November 2026
 */
import { quoteText } from '../../storage/duck/quote.ts';
import type { StoredColumn, StoredTable } from './stored-tables.ts';

export const DDL_ENGINES = ['athena', 'trino', 'spark', 'duckdb'] as const;
export type DdlEngine = (typeof DDL_ENGINES)[number];

/** A part of a folder's name that is a column. */
type Partition = {
  readonly name: string;
  readonly type: 'enum' | 'date' | 'integer';
  readonly range: readonly string[];
  readonly format?: string;
  readonly digits?: number;
};

/** SQL of one table each, under `name`, `name_2`, … */
export function ddlOf(engine: DdlEngine, tables: readonly StoredTable[], name: string): string {
  return tables
    .map((table, at) => `-- ${titleOf(table)}\n${statement(engine, table, at === 0 ? name : `${name}_${at + 1}`)}\n`)
    .join('\n');
}

function titleOf({ kind, layout }: StoredTable): string {
  if (kind === 'lake') return 'the lake: sorted Parquet, a partition for each day';
  const words = [layout?.hive === true ? 'Hive' : 'plain', ...(layout?.hourly === true ? ['hourly'] : [])];
  return `objects as they were delivered: ${kind === 'text' ? 'text' : 'Parquet'}, ${words.join(' ')} folders`;
}

function statement(engine: DdlEngine, table: StoredTable, name: string): string {
  if (engine === 'athena') return athena(table, name);
  if (engine === 'trino') return trino(table, name);
  return engine === 'spark' ? spark(table, name) : duckdb(table, name);
}

/** Partitions, and the folder of one. */
function partitionsOf({ kind, layout, accounts, regions, firstDay, folder }: StoredTable): {
  readonly partitions: readonly Partition[];
  readonly template: string;
} {
  if (kind === 'lake' || layout === null)
    return {
      partitions: [{ name: 'day', type: 'date', range: [firstDay, 'NOW'], format: 'yyyy-MM-dd' }],
      template: `${folder}day=\${day}/`,
    };
  const hours: Partition[] = layout.hourly ? [{ name: 'hour', type: 'integer', range: ['0', '23'], digits: 2 }] : [];
  const owners: Partition[] = [
    { name: 'account', type: 'enum', range: accounts },
    { name: 'aws_region', type: 'enum', range: regions },
  ];
  if (!layout.hive) {
    const day: Partition = {
      name: 'day',
      type: 'date',
      range: [firstDay.replaceAll('-', '/'), 'NOW'],
      format: 'yyyy/MM/dd',
    };
    const template = `${folder}\${account}/vpcflowlogs/\${aws_region}/\${day}/${layout.hourly ? '${hour}/' : ''}`;
    return { partitions: [...owners, day, ...hours], template };
  }
  const year = Number(firstDay.slice(0, 4));
  const dates: Partition[] = [
    // Thirty years on: no table lives longer.
    { name: 'year', type: 'integer', range: [String(year), String(year + 30)], digits: 4 },
    { name: 'month', type: 'integer', range: ['1', '12'], digits: 2 },
    { name: 'day', type: 'integer', range: ['1', '31'], digits: 2 },
  ];
  const template = `${folder}aws-account-id=\${account}/aws-service=vpcflowlogs/aws-region=\${aws_region}/year=\${year}/month=\${month}/day=\${day}/${layout.hourly ? 'hour=${hour}/' : ''}`;
  return { partitions: [...owners, ...dates, ...hours], template };
}

const HIVE_TYPES = { VARCHAR: 'string', INTEGER: 'int', BIGINT: 'bigint' } as const;
const TRINO_TYPES = { VARCHAR: 'varchar', INTEGER: 'integer', BIGINT: 'bigint' } as const;

function columnLines(
  columns: readonly StoredColumn[],
  quote: '`' | '"',
  types: Record<StoredColumn['type'], string>,
): string[] {
  return columns.map(({ name, type }) => `  ${quote}${name}${quote} ${types[type]}`);
}

function athena(table: StoredTable, name: string): string {
  const { kind, folder, columns } = table;
  const { partitions, template } = partitionsOf(table);
  const properties: [string, string][] = [
    ...(kind === 'text'
      ? ([
          ['skip.header.line.count', '1'],
          ['serialization.null.format', '-'],
        ] as [string, string][])
      : []),
    ['projection.enabled', 'true'],
    ...partitions.flatMap(({ name: of, type, range, format, digits }): [string, string][] => [
      [`projection.${of}.type`, type],
      [`projection.${of}.${type === 'enum' ? 'values' : 'range'}`, range.join(',')],
      ...(format === undefined ? [] : ([[`projection.${of}.format`, format]] as [string, string][])),
      ...(type === 'date'
        ? ([
            [`projection.${of}.interval`, '1'],
            [`projection.${of}.interval.unit`, 'DAYS'],
          ] as [string, string][])
        : []),
      ...(digits === undefined ? [] : ([[`projection.${of}.digits`, String(digits)]] as [string, string][])),
    ]),
    ['storage.location.template', template],
  ];
  const rows = kind === 'text' ? "ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '" : 'STORED AS PARQUET';
  return `CREATE EXTERNAL TABLE IF NOT EXISTS \`${name}\` (
${columnLines(columns, '`', HIVE_TYPES).join(',\n')}
)
PARTITIONED BY (${partitions.map((each) => `\`${each.name}\` string`).join(', ')})
${rows}
LOCATION ${quoteText(folder)}
TBLPROPERTIES (
${properties.map(([key, value]) => `  ${quoteText(key)}=${quoteText(value)}`).join(',\n')}
);`;
}

function trino(table: StoredTable, name: string): string {
  const { kind, folder, columns } = table;
  const { partitions, template } = partitionsOf(table);
  const list = (texts: readonly string[]): string => `ARRAY[${texts.map(quoteText).join(', ')}]`;
  const partitionLines = partitions.map(({ name: of, type, range, format, digits }) => {
    const properties = [
      `partition_projection_type = ${quoteText(type.toUpperCase())}`,
      `partition_projection_${type === 'enum' ? 'values' : 'range'} = ${list(range)}`,
      ...(format === undefined ? [] : [`partition_projection_format = ${quoteText(format)}`]),
      ...(type === 'date' ? ['partition_projection_interval = 1', "partition_projection_interval_unit = 'DAYS'"] : []),
      ...(digits === undefined ? [] : [`partition_projection_digits = ${digits}`]),
    ];
    return `  "${of}" varchar WITH (${properties.join(', ')})`;
  });
  const text = [
    "format = 'TEXTFILE'",
    "textfile_field_separator = ' '",
    'skip_header_line_count = 1',
    "null_format = '-'",
  ];
  const properties = [
    `external_location = ${quoteText(folder)}`,
    ...(kind === 'text' ? text : ["format = 'PARQUET'"]),
    `partitioned_by = ${list(partitions.map((each) => each.name))}`,
    'partition_projection_enabled = true',
    `partition_projection_location_template = ${quoteText(template)}`,
  ];
  return `CREATE TABLE IF NOT EXISTS "${name}" (
${[...columnLines(columns, '"', TRINO_TYPES), ...partitionLines].join(',\n')}
)
WITH (
${properties.map((each) => `  ${each}`).join(',\n')}
);`;
}

/** Spark finds partitions of a lake by the names of its folders. */
function spark({ kind, folder, columns }: StoredTable, name: string): string {
  const path = folder.replace(/^s3:/u, 's3a:');
  if (kind === 'lake')
    return `CREATE OR REPLACE TEMPORARY VIEW ${name}\nUSING parquet\nOPTIONS (path ${quoteText(path)}, mergeSchema 'true');`;
  const options = [`path ${quoteText(path)}`, "recursiveFileLookup 'true'"];
  if (kind === 'parquet')
    return `CREATE OR REPLACE TEMPORARY VIEW ${name}\nUSING parquet\nOPTIONS (${[...options, "mergeSchema 'true'"].join(', ')});`;
  return `CREATE OR REPLACE TEMPORARY VIEW ${name} (
${columnLines(columns, '`', HIVE_TYPES).join(',\n')}
)
USING csv
OPTIONS (${[...options, "pathGlobFilter '*.log.gz'", "sep ' '", "header 'true'", "nullValue '-'"].join(', ')});`;
}

/** DuckDB finds columns of Parquet itself. */
function duckdb({ kind, folder, columns }: StoredTable, name: string): string {
  const times = ['start', 'end'].flatMap((of) =>
    columns.some((column) => column.name === of)
      ? [`make_timestamp(CASE WHEN "${of}" > 99999999999 THEN "${of}" * 1000 ELSE "${of}" * 1000000 END) AS ${of}_time`]
      : [],
  );
  const types = columns.map((column) => `'${column.name}': '${column.type}'`);
  const from =
    kind === 'lake'
      ? `read_parquet(${quoteText(`${folder}day=*/*.parquet`)}, hive_partitioning = true, union_by_name = true)`
      : kind === 'parquet'
        ? `read_parquet(${quoteText(`${folder}**/*.log.parquet`)}, union_by_name = true)`
        : `read_csv(${quoteText(`${folder}**/*.log.gz`)}, delim = ' ', header = true, nullstr = '-',\n    columns = {${types.join(', ')}})`;
  return `CREATE OR REPLACE VIEW ${name} AS\n  SELECT ${['*', ...times].join(', ')}\n  FROM ${from};`;
}
