/**
 * Runs `watch template`.
 *
 * In:    the flags. Out: JSON of templates and policy, or what was written where; exit 1 where the policy was not.
 * Fails: FG_WATCH_SINK, FG_SEARCH_*.
 */
import { failure } from '../model/errors.ts';
import {
  FINDINGS_INDEX,
  findingsTemplate,
  flowsTemplate,
  putTemplates,
  retentionPolicy,
} from '../watch/sinks/index-template.ts';
import { FLOWS_STREAM } from '../watch/sinks/opensearch.ts';
import { interruptible } from './interruptible.ts';
import { shown } from './text-width.ts';
import { searchOf } from './watch-worker.ts';
import type { TemplateFlags } from './watch.ts';

/** Somebody waits for it. */
const ATTEMPTS = 3;

/** Does it. */
export async function writeTemplates(flags: TemplateFlags): Promise<number> {
  if (flags.put !== true) {
    const server = flags.elasticsearch === true ? 'elasticsearch' : 'opensearch';
    const { path, body } = retentionPolicy(server, flags.keep);
    const all = {
      [`PUT /_index_template/${FLOWS_STREAM}`]: flowsTemplate(server),
      [`PUT /_index_template/${FINDINGS_INDEX}`]: findingsTemplate(),
      [`PUT ${path}`]: body,
    };
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  }
  const client = searchOf(flags, () => {}, ATTEMPTS);
  if (client === null) throw failure('FG_WATCH_SINK', '--put needs --opensearch');
  return interruptible(async ({ signal }) => {
    const { server, version, policy } = await putTemplates(client, flags.keep, signal);
    process.stdout.write(
      `${client.name} (${server} ${version}) has the templates ${FLOWS_STREAM} and ${FINDINGS_INDEX}\n`,
    );
    if (policy === null) return 0;
    console.error(
      `flowgauge: note: the policy that removes records after ${flags.keep} days was not taken (${shown(policy)}); ` +
        `without ${server === 'opensearch' ? 'the plugin Index State Management' : 'index lifecycle management'} they stay for ever`,
    );
    return 1;
  });
}
