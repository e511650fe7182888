/**
 * What open windows took between two looks.
 *
 * In:    looks at the open windows, as text with a header line, one after the other. Out: what changed from one to the next.
 * Holds: the first look is where counting begins: what stood there already has not just happened. A record is known by its
 *        fields but those that grow. The lines of one look are kept, no more.
 * Fails: never; text without a header has no records.
 */
import { readHeader } from '../../record/format.ts';

export type OpenAmount = { packets: number; bytes: number; flows: number };

export type OpenChanges = {
  readonly fields: readonly string[];
  readonly accepted: OpenAmount;
  readonly rejected: OpenAmount;
  /** Lines that are new or grew, the ones that ended last first, `most` at most. */
  readonly records: readonly (readonly string[])[];
  readonly more: number;
  /** Records in the look. */
  readonly open: number;
};

/** Fields that grow while a window is open; `start` moves back where packets come in another order, but not out of its minute. */
const GROWING = new Set(['packets', 'bytes', 'start', 'end', 'tcp-flags']);
const MINUTE = 60;

/**
 * Follows looks.
 *
 * @param most  records that are told of one by one
 */
export function followOpenWindows(most: number): { next(text: string): OpenChanges } {
  let before: Map<string, string> | null = null;
  return {
    next(text) {
      const [header = '', ...lines] = text.split('\n');
      const format = header === '' ? null : readHeader(header);
      const fields = format === null ? [] : format.fields.map(({ name }) => name);
      const at = (name: string): number => fields.indexOf(name);
      const [packets, bytes, start, end, action] = [at('packets'), at('bytes'), at('start'), at('end'), at('action')];
      const grows = fields.map((name) => GROWING.has(name));
      const now = new Map<string, string>();
      const changed: string[][] = [];
      const amounts = { ACCEPT: noAmount(), REJECT: noAmount() };
      for (const line of lines) {
        if (line === '') continue;
        const values = line.split(' ');
        // A window waits for late packets while the next one gathers.
        const window = Math.floor(count(values[start]) / MINUTE);
        const key = `${window} ${values.filter((_, place) => grows[place] !== true).join(' ')}`;
        now.set(key, line);
        const old = before?.get(key);
        if (old === line || before === null) continue;
        const was = old?.split(' ') ?? [];
        const more = (place: number): number => Math.max(0, count(values[place]) - count(was[place]));
        changed.push(values);
        const amount = amounts[values[action] as 'ACCEPT' | 'REJECT'];
        if (amount === undefined) continue;
        amount.packets += more(packets);
        amount.bytes += more(bytes);
        if (old === undefined) amount.flows++;
      }
      before = now;
      if (end >= 0) changed.sort((a, b) => count(b[end]) - count(a[end]));
      const records = changed.slice(0, most);
      const { ACCEPT: accepted, REJECT: rejected } = amounts;
      return { fields, accepted, rejected, records, more: changed.length - records.length, open: now.size };
    },
  };
}

function noAmount(): OpenAmount {
  return { packets: 0, bytes: 0, flows: 0 };
}

/** 0 for what is absent. */
function count(text: string | undefined): number {
  return Number(text) || 0;
}
