/**
 * Records written by hand, for tests.
 *
 * In:    a log format as words and lines, or what they tell in short; models with the times from which they hold. Out: batches of
 *        columns, as the parser gives them, and an attribution that took them.
 */
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { parseLogFormat } from '../../record/format.ts';
import { createParser } from '../../record/parse.ts';
import type { RecordColumns } from '../../record/columns.ts';
import { Attribution } from './attribution.ts';
import { ModelTimes, timeless } from './model-times.ts';

/** Fields of the lines below unless told: those of a format that people use. */
export const FIELDS =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction';

/** A format of these fields. */
export function formatOf(fields: string): string {
  return fields
    .split(' ')
    .map((name) => `\${${name}}`)
    .join(' ');
}

/** Lines as columns. */
export function batchesOf(lines: readonly string[], fields: string = FIELDS): RecordColumns[] {
  const parser = createParser({ format: parseLogFormat(formatOf(fields)), columns: null, origin: 'a test' });
  const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const batches = [...parser.push(text), ...parser.end()];
  if (parser.badLines > 0) throw new Error(`line ${parser.described[0]?.line} cannot be read`);
  return batches;
}

/** A model's snapshot. */
export function snapshotOf(json: object): VpcSnapshot {
  return compileSnapshot(readModel([{ name: 'model', json }]), { version: 1, atMicros: 0 });
}

/** Models by the second from which they hold. */
export function modelsAt(...models: readonly (readonly [fromSeconds: number, json: object])[]): ModelTimes {
  return new ModelTimes(
    models.map(([fromSeconds, json]) => {
      const snapshot = snapshotOf(json);
      return { fromMicros: fromSeconds * 1e6, snapshot: () => snapshot };
    }),
  );
}

/** What a model, timeless or not, attributes these lines to. */
export function attributed(model: object | ModelTimes, lines: readonly string[], fields: string = FIELDS): Attribution {
  const times = model instanceof ModelTimes ? model : timeless(snapshotOf(model));
  const attribution = new Attribution(times);
  for (const batch of batchesOf(lines, fields)) attribution.take(batch);
  return attribution;
}

/** Causes in words: `eni-a ingress nacl-ingress acl-a/in/100 certain`, several outcomes with `|`, and how many records. */
export function causeTexts({ causes }: Attribution): string[] {
  return causes.list.slice(1).map((cause, i) => {
    const met = cause.met.map(
      ({ interfaceId, stage, ruleId, rejectReason }) =>
        `${interfaceId === cause.interfaceId ? '' : `${interfaceId}:`}${rejectReason ?? `${stage} ${ruleId}`}`,
    );
    const says = cause.modelSays === null ? '' : ` model:${cause.modelSays.map(({ ruleId }) => ruleId).join('|')}`;
    const why = cause.why === 'rules' ? '' : ` ${cause.why}`;
    const before = cause.beforeModel ? ' before-model' : '';
    return `${cause.interfaceId} ${cause.direction} ${met.join(' | ')} ${cause.certainty}${why}${says}${before} x${causes.records[i + 1]}`;
  });
}
