/**
 * Index templates and the policy that keeps records for a time, for OpenSearch and Elasticsearch.
 *
 * In:    how long records are kept. Out: JSON as the servers take it; and the server told of it.
 * Holds: every field of the documents has its type (`ecs-fields.ts`); fields that a file's header made up become keywords below `aws.vpcflow`, all
 *        else is kept and not searched. A value that is none of its field's type is left out of the index, not the document. Writing it again
 *        changes what is there to this.
 * Fails: FG_SEARCH_REFUSED; as the client does.
 */
import { failure } from '../../model/errors.ts';
import { FINDING_FIELDS, FLOW_FIELDS } from '../mappings/ecs-fields.ts';
import type { IndexField } from '../mappings/ecs-fields.ts';
import { FLOWS_STREAM } from './opensearch.ts';
import { reasonIn } from './opensearch-client.ts';
import type { SearchClient } from './opensearch-client.ts';

export const FINDINGS_INDEX = 'flowgauge-findings';

export type SearchServer = 'opensearch' | 'elasticsearch';

/** Longer words are kept and not searched. */
const LONGEST_WORD = 1024;
/** Above the templates that servers bring along (100 to 200). */
const PRIORITY = 300;
const KEYWORD = { type: 'keyword', ignore_above: LONGEST_WORD };

type Tree = { [name: string]: Tree | object };

/** Fields as a mapping nests them. */
function propertiesOf(fields: readonly IndexField[]): Tree {
  const root: Tree = {};
  for (const { name, type } of fields) {
    const path = name.split('.');
    const last = path.pop()!;
    let at = root;
    for (const part of path) {
      const inner = (at[part] ??= { properties: {} }) as { properties: Tree };
      at = inner.properties;
    }
    at[last] = type === 'keyword' ? KEYWORD : type === 'kept' ? { type: 'object', enabled: false } : { type };
  }
  return root;
}

/** The template of the data stream of records. */
export function flowsTemplate(server: SearchServer): object {
  const properties = propertiesOf(FLOW_FIELDS) as Record<string, { properties: Record<string, { dynamic?: boolean }> }>;
  properties['aws']!.properties['vpcflow']!.dynamic = true;
  return {
    index_patterns: [FLOWS_STREAM],
    data_stream: {},
    priority: PRIORITY,
    template: {
      settings: {
        'index.codec': 'best_compression',
        'index.refresh_interval': '10s',
        'index.mapping.ignore_malformed': true,
        'index.mapping.total_fields.limit': 2000,
        ...(server === 'elasticsearch' ? { 'index.lifecycle.name': FLOWS_STREAM } : {}),
      },
      mappings: {
        dynamic: false,
        date_detection: false,
        numeric_detection: false,
        dynamic_templates: [
          { unknown: { path_match: 'aws.vpcflow.*', match_mapping_type: 'string', mapping: KEYWORD } },
        ],
        properties,
      },
    },
    _meta: { managed_by: 'flowgauge' },
  };
}

/** The template of the index of findings. */
export function findingsTemplate(): object {
  return {
    index_patterns: [`${FINDINGS_INDEX}*`],
    priority: PRIORITY,
    template: {
      settings: { 'index.mapping.ignore_malformed': true },
      mappings: { dynamic: false, date_detection: false, properties: propertiesOf(FINDING_FIELDS) },
    },
    _meta: { managed_by: 'flowgauge' },
  };
}

/**
 * The policy: a new index each day, or sooner where it grows large, and none older than so many days.
 *
 * @returns path and body, as ISM of OpenSearch and ILM of Elasticsearch take it
 */
export function retentionPolicy(
  server: SearchServer,
  keepDays: number,
): { readonly path: string; readonly body: object } {
  if (server === 'elasticsearch')
    return {
      path: `/_ilm/policy/${FLOWS_STREAM}`,
      body: {
        policy: {
          phases: {
            hot: { actions: { rollover: { max_age: '1d', max_primary_shard_size: '40gb' } } },
            delete: { min_age: `${keepDays}d`, actions: { delete: {} } },
          },
        },
      },
    };
  return {
    path: `/_plugins/_ism/policies/${FLOWS_STREAM}`,
    body: {
      policy: {
        description: `flow logs of flowgauge, kept for ${keepDays} days`,
        default_state: 'written',
        states: [
          {
            name: 'written',
            actions: [{ rollover: { min_index_age: '1d', min_primary_shard_size: '40gb' } }],
            transitions: [{ state_name: 'removed', conditions: { min_index_age: `${keepDays + 1}d` } }],
          },
          { name: 'removed', actions: [{ delete: {} }], transitions: [] },
        ],
        ism_template: [{ index_patterns: [FLOWS_STREAM], priority: PRIORITY }],
      },
    },
  };
}

/** What was written; `policy` is why the policy was not, where it was not. */
export type TemplatesPut = { readonly server: SearchServer; readonly version: string; readonly policy: string | null };

/** Writes templates and policy. */
export async function putTemplates(client: SearchClient, keepDays: number, signal: AbortSignal): Promise<TemplatesPut> {
  const told = await client.request('GET', '/', null, signal);
  const { version } = (told.json ?? {}) as { version?: { distribution?: string; number?: string } };
  if (told.status !== 200 || typeof version?.number !== 'string')
    throw failure('FG_SEARCH_REFUSED', client.name, 'the question who it is', told.status, reasonIn(told.json));
  const server = version.distribution === 'opensearch' ? 'opensearch' : 'elasticsearch';
  const policy = await putPolicy(client, server, keepDays, signal);
  // Elasticsearch wants the policy that a template names first.
  for (const [name, body] of [
    [FLOWS_STREAM, flowsTemplate(server)],
    [FINDINGS_INDEX, findingsTemplate()],
  ] as const) {
    const { status, json } = await client.request('PUT', `/_index_template/${name}`, JSON.stringify(body), signal);
    if (status !== 200)
      throw failure('FG_SEARCH_REFUSED', client.name, `the index template ${name}`, status, reasonIn(json));
  }
  return { server, version: version.number, policy };
}

async function putPolicy(
  client: SearchClient,
  server: SearchServer,
  keepDays: number,
  signal: AbortSignal,
): Promise<string | null> {
  const { path, body } = retentionPolicy(server, keepDays);
  let query = '';
  if (server === 'opensearch') {
    const { status, json } = await client.request('GET', path, null, signal);
    const { _seq_no: number, _primary_term: term } = (json ?? {}) as { _seq_no?: number; _primary_term?: number };
    if (status === 200) query = `?if_seq_no=${number}&if_primary_term=${term}`;
  }
  const { status, json } = await client.request('PUT', `${path}${query}`, JSON.stringify(body), signal);
  return status === 200 || status === 201 ? null : `HTTP ${status}: ${reasonIn(json)}`;
}
