/**
 * `GET /api/fields`: the table of fields; `POST /api/format`: what a log format is, and what its records answer.
 *
 * In:    `FormatQuestion`. Out: `FormatFields`, `FormatAnswer`. A format that is none is an answer with its problem.
 * Fails: FG_REQUEST_BODY.
 */
import * as v from 'valibot';
import type { FieldRow, FormatAnswer, FormatFields, FormatPreview, FormatQuestion } from '../../../../api/formats.ts';
import { Ec2Error } from '../../../../control/ec2/errors.ts';
import { checkInterfaceFormat } from '../../../../control/ec2/flow-log-request.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import { formatCapabilities } from '../../../../query/format-capability.ts';
import { exampleLines } from '../../../../record/example-lines.ts';
import { columnName, FIELDS } from '../../../../record/fields/list.ts';
import { fieldsOfModel } from '../../../../record/fields-of-model.ts';
import { allFields, headerLine, parseLogFormat } from '../../../../record/format.ts';
import type { ConsoleContext } from '../context.ts';
import { currentNetwork } from '../current-network.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRoute } from '../route.ts';

/** Versions that brought fields of interfaces. */
const VERSIONS = [2, 3, 4, 5, 7, 8, 9, 10, 11];

const QUESTION = v.strictObject({
  format: v.pipe(v.string(), v.maxLength(20_000)),
}) satisfies v.GenericSchema<unknown, FormatQuestion>;

function fields(context: ConsoleContext): FormatFields {
  const empty = new Map(fieldsOfModel(currentNetwork(context)).map(({ field, empty: why }) => [field.name, why]));
  const rows = FIELDS.map(({ name, version, since, column: type, meaning, absent }): FieldRow => ({
    name,
    column: columnName(name),
    version,
    since,
    type,
    kind: version === 6 ? 'transit-gateway' : version === 0 ? 'extension' : 'interface',
    meaning,
    absent,
    empty: empty.get(name) ?? null,
  }));
  return { fields: rows, presets: VERSIONS.map((version) => ({ version, format: allFields(version).text })) };
}

/** What a format is. */
export function formatAnswer(text: string): FormatAnswer {
  try {
    // In our words first: they say where, and what to do.
    parseLogFormat(text);
    return { problem: null, preview: formatPreview(checkInterfaceFormat(text)) };
  } catch (error) {
    if (!(error instanceof FlowgaugeError || error instanceof Ec2Error)) throw error;
    return { problem: { code: error.code, message: error.message }, preview: null };
  }
}

/** What the records of a format look like. */
export function formatPreview(text: string): FormatPreview {
  const format = parseLogFormat(text);
  const names = format.fields.map(({ name }) => name);
  return {
    format: format.text,
    version: format.version,
    fields: names,
    header: headerLine(format),
    examples: exampleLines(format),
    capabilities: formatCapabilities(names),
  };
}

export const FORMAT_ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/fields',
    role: 'read',
    handle: async (_, context) => ({ status: 200, json: fields(context) }),
  },
  {
    method: 'POST',
    path: '/api/format',
    role: 'read',
    handle: async ({ body }) => ({ status: 200, json: formatAnswer(readBody(QUESTION, body).format) }),
  },
];
