/**
 * A strict reader of Prometheus' text format, for tests.
 *
 * In:    text. Out: samples by name with labels, types by name.
 * Fails: with what is wrong: a line of no known form, a family that is told twice or has no help or type before its samples, a
 *        sample that comes twice or belongs to another family, a value that is no number, a histogram that does not add up.
 */
import assert from 'node:assert/strict';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const HELP = new RegExp(String.raw`^# HELP (${NAME}) ((?:[^\\]|\\[\\n])+)$`, 'u');
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`, 'u');
const SAMPLE = new RegExp(String.raw`^(${NAME})(\{${LABEL}(?:,${LABEL})*\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`, 'u');

type Exposition = { readonly samples: Map<string, number>; readonly types: Map<string, string> };

/** Reads the text. */
export function readExposition(text: string): Exposition {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  assert.ok(text.endsWith('\n'), 'the last line ends');
  let family = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, help] = HELP.exec(line) ?? [];
    if (help !== undefined) {
      assert.ok(!types.has(help), `${help} is told twice`);
      helped = help;
      continue;
    }
    const [, typed, type] = TYPE.exec(line) ?? [];
    if (typed !== undefined) {
      assert.equal(typed, helped, 'help comes before the type');
      types.set(typed, type!);
      assert.equal(typed.endsWith('_total'), type === 'counter', `${typed}: counters, and only they, end in _total`);
      family = typed;
      continue;
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    assert.ok(name !== undefined, `no line of the format: ${line}`);
    const parts = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    assert.ok(
      parts.some((part) => name === family + part),
      `${name} stands under ${family}`,
    );
    assert.ok(!samples.has(name + labels), `${name}${labels} comes twice`);
    samples.set(name + labels, Number(value));
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples);
  return { samples, types };
}

function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  let before = { labels: '', bound: -Infinity, count: 0 };
  for (const [sample, count] of samples) {
    const [, labels, le] = new RegExp(String.raw`^${name}_bucket\{(.*)le="([^"]+)"\}$`, 'u').exec(sample) ?? [];
    if (labels === undefined) continue;
    const bound = le === '+Inf' ? Infinity : Number(le);
    if (before.labels === labels && before.bound !== Infinity) {
      assert.ok(bound > before.bound && count >= before.count, `${sample}: buckets grow`);
    }
    if (bound === Infinity) {
      const own = labels === '' ? '' : `{${labels.slice(0, -1)}}`;
      assert.equal(samples.get(`${name}_count${own}`), count, `${sample} is the count`);
      assert.ok(samples.has(`${name}_sum${own}`), `${name} has a sum`);
    }
    before = { labels, bound, count };
  }
}
