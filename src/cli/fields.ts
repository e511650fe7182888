/**
 * `flowgauge fields`: what records can hold.
 *
 * In:    names of fields, or a model. Out: a line for each field; all there is to say about some; a format to copy; the
 *        fields that a model cannot fill.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Answer } from '../query/engine.ts';
import type { Field } from '../record/fields/field.ts';

type Flags = { vpc?: string; asFormat?: string; json?: true };

const EXAMPLES = `
Examples:
  flowgauge fields                             every field
  flowgauge fields traffic-path tcp-flags      what these two mean, and when they are -
  flowgauge fields --as-format 11              all fields up to version 11, to be given to --format
  flowgauge fields --vpc model.json            those that are - in every record of this network`;

/** Adds the verb. */
export function fieldsCommand(program: Command): void {
  program
    .command('fields')
    .description('list the fields that a log format may name')
    .argument('[names...]', 'only these, with all there is to say')
    .option('--vpc <model>', 'those that are - in every record: a JSON file of describe answers, or a folder of them')
    .addOption(
      new Option('--as-format <version>', 'print a log format of all fields up to a version, or of transit gateways')
        .choices(['2', '3', '4', '5', '7', '8', '9', '10', '11', 'tgw'])
        .conflicts('vpc'),
    )
    .option('--json', 'one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], flags: Flags) => {
      if (flags.asFormat !== undefined) {
        const { allFields, transitGatewayFields } = await import('../record/format.ts');
        console.log((flags.asFormat === 'tgw' ? transitGatewayFields() : allFields(Number(flags.asFormat))).text);
        return;
      }
      const fields = await chosen(names, flags.vpc);
      if (flags.json) for (const field of fields) console.log(JSON.stringify(plain(field)));
      else if (names.length > 0) console.log(fields.map(inFull).join('\n\n'));
      else {
        const { printTable } = await import('./table.ts');
        await printTable(asAnswer(fields), process.stdout);
      }
    });
}

async function chosen(names: readonly string[], model: string | undefined): Promise<readonly Field[]> {
  const { FIELDS, fieldNamed } = await import('../record/fields/list.ts');
  const { failure } = await import('../model/errors.ts');
  const wanted = names.map((name) => {
    const field = fieldNamed(name.replaceAll('_', '-'));
    if (field === undefined) throw failure('FG_FIELD_UNKNOWN', name);
    return field;
  });
  const all = wanted.length > 0 ? wanted : FIELDS;
  if (model === undefined) return all;
  const { fieldsNotFilled } = await import('../app/collector/fields-not-filled.ts');
  const absent = await fieldsNotFilled(model);
  return all.filter((field) => absent.includes(field));
}

const versionOf = ({ version }: Field): string => (version === 0 ? 'ours' : String(version));

/** A field without what only the printer needs. */
function plain({ name, version, since, column, meaning, absent }: Field): object {
  return { name, version: version === 0 ? null : version, since, column, meaning, absent };
}

function inFull(field: Field): string {
  const { name, since, column, meaning, absent } = field;
  const origin = field.version === 0 ? 'of flowgauge' : `version ${field.version}, since ${since}`;
  return `${name}: ${meaning}\n  ${origin}; ${column} in Parquet as ${name.replaceAll('-', '_')}\n  - ${absent}`;
}

function asAnswer(fields: readonly Field[]): Pick<Answer, 'columns' | 'rows'> {
  const column = (name: string) => ({ name, type: 'VARCHAR', unit: null });
  async function* rows(): AsyncGenerator<readonly string[][]> {
    yield fields.map((field) => [field.name, versionOf(field), field.column, field.meaning]);
  }
  return { columns: ['name', 'version', 'type', 'meaning'].map(column), rows: rows() };
}
