/**
 * What makes a flow log's bucket a table of Athena: a CloudFormation template.
 *
 * In:    a flow log that is delivered to a bucket, where query results go, from which day. Out: the template.
 * Holds: partitions are projected, so none is ever loaded, and no function runs. Columns of text are in the order of the
 *        flow log's format. A named query is there where the format has all fields that it needs; where it asks for
 *        something that only the asker knows, it has Athena's `?`.
 * @see VPC User Guide, "Query flow logs using Amazon Athena", August 2026
 */
import { ATHENA } from '../../query/dialect.ts';
import { heldFields } from '../../query/held-fields.ts';
import { readParameter } from '../../query/parameter.ts';
import type { SavedQuery } from '../../query/saved-query.ts';
import { SAVED_QUERIES } from '../../query/saved/list.ts';
import { columnName } from '../../record/fields/list.ts';
import { parseLogFormat } from '../../record/format.ts';
import type { LogFormat } from '../../record/format.ts';

/** A flow log as the template needs it. */
export type TableOf = {
  readonly flowLogId: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /** Without slashes at its ends; '' none. */
  readonly prefix: string;
  readonly format: string;
  readonly parquet: boolean;
  readonly hive: boolean;
  readonly hourly: boolean;
  /** The days of its partitions: `2026/11/30`; the last may be `NOW`. */
  readonly days: readonly [first: string, last: string];
};

type Partition = { readonly name: string; readonly projection: Readonly<Record<string, string>> };
type Resource = { readonly Type: string; readonly Properties: object };

const TWO_DIGITS = { digits: '2' };

function partitionsOf({ account, region, hive, hourly, days }: TableOf): Partition[] {
  const enumeration = (name: string, value: string): Partition => ({
    name,
    projection: { type: 'enum', values: value },
  });
  const range = (name: string, from: string, to: string, more: Readonly<Record<string, string>>): Partition => ({
    name,
    projection: { type: 'integer', range: `${from},${to}`, ...more },
  });
  const hours = hourly ? [range('hour', '0', '23', TWO_DIGITS)] : [];
  if (!hive) {
    const projection = {
      type: 'date',
      range: days.join(','),
      format: 'yyyy/MM/dd',
      interval: '1',
      'interval.unit': 'DAYS',
    };
    return [enumeration('accid', account), enumeration('region', region), { name: 'day', projection }, ...hours];
  }
  const year = days[0].slice(0, 4);
  return [
    enumeration('aws-account-id', account),
    enumeration('aws-service', 'vpcflowlogs'),
    enumeration('aws-region', region),
    // Thirty years on: no table lives longer.
    range('year', year, String(Number(year) + 30), { digits: '4' }),
    range('month', '1', '12', TWO_DIGITS),
    range('day', '1', '31', TWO_DIGITS),
    ...hours,
  ];
}

function locationOf(
  { bucket, prefix, hive }: TableOf,
  partitions: readonly Partition[],
): [root: string, template: string] {
  const root = `s3://${bucket}/${prefix === '' ? '' : `${prefix}/`}AWSLogs/`;
  const place = (name: string): string => (hive ? `${name}=\${${name}}` : `\${${name}}`);
  const parts = partitions.map(({ name }) => place(name));
  return [root, root + (hive ? parts : [parts[0], 'vpcflowlogs', ...parts.slice(1)]).join('/')];
}

const TEXT = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  SerdeInfo: {
    SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    Parameters: { 'field.delim': ' ', 'serialization.format': ' ' },
  },
};
const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

function tableOf(of: TableOf, format: LogFormat): Resource {
  const partitions = partitionsOf(of);
  const [root, template] = locationOf(of, partitions);
  const projection = partitions.flatMap(({ name, projection: one }) =>
    Object.entries(one).map(([key, value]) => [`projection.${name}.${key}`, value] as const),
  );
  return {
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: { Ref: 'Database' },
      TableInput: {
        Name: ATHENA.table,
        TableType: 'EXTERNAL_TABLE',
        Parameters: {
          EXTERNAL: 'TRUE',
          ...(of.parquet ? {} : { 'skip.header.line.count': '1' }),
          'projection.enabled': 'true',
          ...Object.fromEntries(projection),
          'storage.location.template': template,
        },
        PartitionKeys: partitions.map(({ name }) => ({ Name: name, Type: 'string' })),
        StorageDescriptor: {
          Columns: format.fields.map(({ name, ddl }) => ({ Name: columnName(name), Type: ddl })),
          Location: root,
          ...(of.parquet ? PARQUET : TEXT),
        },
      },
    },
  };
}

/** A saved query as Athena reads it, its parameters written down. */
function queryText(query: SavedQuery, format: LogFormat): string {
  const has = (column: string): boolean => format.fields.some(({ name }) => columnName(name) === column);
  const held = heldFields({ files: 1, holding: (column) => (has(column) ? 1 : 0) });
  const lines = query.sql(ATHENA, held).replace(/^\n/, '').split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const text = lines.map((line) => line.slice(indent)).join('\n');
  return text.replaceAll(/\$([a-z]\w*)/g, (whole, name: string) => {
    const parameter = query.parameters[name];
    if (parameter === undefined) return whole;
    if (parameter.default === null) return '?';
    const value = readParameter(name, parameter, parameter.default);
    return typeof value === 'bigint' ? String(value) : `'${value}'`;
  });
}

/**
 * The template.
 *
 * @param results  where Athena writes the answers: `s3://bucket/prefix/`
 */
export function athenaTemplate(of: TableOf, results: string): string {
  const format = parseLogFormat(of.format);
  const names = new Set(format.fields.map(({ name }) => name));
  const short = of.flowLogId.replaceAll('-', '');
  const queries = SAVED_QUERIES.filter(
    ({ name, needsFields }) => name.startsWith('VpcFlowLogs') && needsFields.every((field) => names.has(field)),
  );
  const resources: Record<string, Resource> = {
    Database: {
      Type: 'AWS::Glue::Database',
      Properties: {
        CatalogId: { Ref: 'AWS::AccountId' },
        DatabaseInput: { Name: `vpcflowlogsathenadatabase${short}` },
      },
    },
    Table: tableOf(of, format),
    WorkGroup: {
      Type: 'AWS::Athena::WorkGroup',
      Properties: {
        Name: `VpcFlowLogsWorkGroup${short}`,
        RecursiveDeleteOption: true,
        WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: results } },
      },
    },
  };
  for (const query of queries) {
    resources[query.name] = {
      Type: 'AWS::Athena::NamedQuery',
      Properties: {
        Name: query.name,
        Description: query.meaning,
        Database: { Ref: 'Database' },
        WorkGroup: { Ref: 'WorkGroup' },
        QueryString: queryText(query, format),
      },
    };
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Athena over flow log ${of.flowLogId}`,
    Resources: resources,
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}
