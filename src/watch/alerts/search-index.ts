/**
 * Puts findings into an index of OpenSearch or Elasticsearch.
 *
 * In:    a server, an index. Out: a document of ECS for each alert.
 * Holds: the document's id is the alert's key, and it is only ever created: an alert that is sent again finds it there, which is as good.
 * Fails: never; what went wrong is the answer.
 */
import type { Severity } from '../../api/findings.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import { ecsFinding } from '../mappings/ecs.ts';
import { createSearchClient, reasonIn } from '../sinks/opensearch-client.ts';
import type { SearchLogin } from '../sinks/opensearch-client.ts';
import type { Receiver } from './receiver.ts';

export type SearchIndexSettings = {
  readonly name: string;
  readonly least: Severity;
  readonly url: string;
  readonly index: string;
  readonly login: SearchLogin;
};

/** The outbox tries again; here only what passes at once. */
const ATTEMPTS = 2;
const PATIENCE_MILLIS = 20_000;

/** The receiver.  Fails: FG_SEARCH_URL, FG_SEARCH_LOGIN. */
export function searchIndexReceiver({ name, least, url, index, login }: SearchIndexSettings): Receiver {
  const client = createSearchClient({ url, login, attempts: ATTEMPTS, patienceMillis: PATIENCE_MILLIS });
  return {
    name,
    least,
    knowsKeysSeconds: Infinity,
    async send({ key, finding, link }, signal) {
      const document = { ...ecsFinding(finding), ...(link === null ? {} : { url: { original: link } }) };
      const path = `/${index}/_create/${key}`;
      try {
        const { status, json } = await client.request('PUT', path, JSON.stringify(document), signal);
        if ((status >= 200 && status < 300) || status === 409) return { is: 'sent' };
        const why = `${client.name} answered HTTP ${status}: ${reasonIn(json)}`;
        return { is: 'refused', again: status !== 400, why };
      } catch (error) {
        if (error instanceof FlowgaugeError) return { is: 'refused', again: true, why: error.message };
        throw error;
      }
    },
  };
}
