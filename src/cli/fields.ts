/**
 * `flowgauge fields`: the fields of log formats, or those that a model leaves empty.
 *
 * In:    the table of fields, and perhaps a model. Out: a line for each field, or JSON; or a log format to copy.
 * Fails: as reading a model does.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Field } from '../record/fields/field.ts';
import type { FieldInModel } from '../record/fields-of-model.ts';

/** Adds the verb. */
export function fieldsCommand(program: Command): void {
  program
    .command('fields')
    .description('list the fields of log formats, or those that a model cannot fill')
    .option('--vpc <model>', "list the fields that will be '-' because the model does not have their source")
    .addOption(
      new Option('--as-format <version>', 'print a log format of all fields up to a version, or of transit gateways')
        .choices(['2', '3', '4', '5', '7', '8', '9', '10', '11', 'tgw'])
        .conflicts(['vpc', 'json']),
    )
    .option('--json', 'one JSON list')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge fields
  flowgauge fields --vpc model/
  flowgauge capture -r FILE --format "$(flowgauge fields --as-format 11)"
  flowgauge fields --json | jq -r '.[] | select(.version <= 5) | .name'`,
    )
    .action(async (options: { vpc?: string; asFormat?: string; json?: true }) => {
      if (options.asFormat !== undefined) {
        const { allFields, transitGatewayFields } = await import('../record/format.ts');
        const version = options.asFormat;
        console.log((version === 'tgw' ? transitGatewayFields() : allFields(Number(version))).text);
        return;
      }
      const rows = options.vpc === undefined ? await allRows() : await emptyRows(options.vpc);
      if (options.json) console.log(JSON.stringify(rows.map(shown), null, 2));
      else for (const line of linesOf(rows)) console.log(line);
    });
}

async function allRows(): Promise<FieldInModel[]> {
  const { FIELDS } = await import('../record/fields/list.ts');
  return FIELDS.map((field) => ({ field, empty: null }));
}

async function emptyRows(path: string): Promise<FieldInModel[]> {
  const [{ readSnapshot }, { fieldsOfModel }] = await Promise.all([
    import('../storage/state/model-files.ts'),
    import('../record/fields-of-model.ts'),
  ]);
  return fieldsOfModel(await readSnapshot(path)).filter(({ empty }) => empty !== null);
}

function shown({ field, empty }: FieldInModel): object {
  const { name, version, since, column, meaning, absent, from } = field;
  return { name, version, since, column, meaning, absent, from, ...(empty === null ? {} : { empty }) };
}

function linesOf(rows: readonly FieldInModel[]): string[] {
  const width = Math.max(...rows.map(({ field }) => field.name.length));
  return rows.map(({ field, empty }) => {
    const column = field.column.toLowerCase().padEnd(7);
    return `${field.name.padEnd(width)}  ${versionText(field).padEnd(3)}  ${column}  ${empty ?? field.meaning}`;
  });
}

/** `v2` to `v11`; nothing for ours. */
function versionText({ version }: Field): string {
  return version === 0 ? '' : `v${version}`;
}
