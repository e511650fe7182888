import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openDuck } from '../storage/duck/duck.ts';
import { before, many } from './told-conversations.ts';
import { detectIn } from './told-records.fixture.ts';

const DAY = 86_400;
/** A server that is known, and a port at which it answers today for the first time. */
const PAST = before({ client: '203.0.113.9', server: '10.0.0.5', port: 443 });
const TODAY = many(4, (at) => ({
  client: '198.51.100.7',
  server: '10.0.0.5',
  port: 4444,
  clientPort: 40_000 + at,
  at: at * 60,
}));
const ONLY = { only: ['new-listening-port'] };

function places(t: { after(done: () => void): void }, ...names: string[]): string[] {
  const root = mkdtempSync(join(tmpdir(), 'flowgauge-baseline-'));
  t.after(() => rmSync(root, { recursive: true }));
  return names.map((name) => {
    const path = join(root, name);
    mkdirSync(path);
    return path;
  });
}

async function known(data: string): Promise<string> {
  const path = join(data, 'baselines/known.parquet');
  const duck = await openDuck({ files: [path] });
  try {
    return JSON.stringify(await duck.all(`SELECT * FROM read_parquet('${path}') ORDER BY ALL`));
  } finally {
    await duck.close();
  }
}

describe('what is known of the past', () => {
  it('goes on in the data directory from one run to the next, and is told by the finding', async (t) => {
    const [records, data] = places(t, 'records', 'data') as [string, string];
    assert.deepEqual((await detectIn(records, TODAY, 'four', ONLY)).findings, []);
    const first = await detectIn(records, PAST, 'four', { ...ONLY, data });
    assert.deepEqual([first.findings.length, first.baseline.kept], [0, true]);
    const { findings } = await detectIn(records, TODAY, 'four', { ...ONLY, data });
    assert.equal(findings.length, 1);
    assert.equal(findings[0]!.firstSeconds - Number(findings[0]!.facts['known_since_seconds']), 4 * DAY);
    // Looking again finds the same one, for it was new on that day.
    const again = await detectIn(records, TODAY, 'four', { ...ONLY, data });
    assert.deepEqual(again.findings, findings);
    assert.deepEqual(readdirSync(join(data, 'baselines')), ['known.parquet']);
  });

  it('is the same in whatever order and however often it is learned', async (t) => {
    const [records, a, b, c] = places(t, 'records', 'a', 'b', 'c') as [string, string, string, string];
    const halves = [PAST.slice(0, 4), [...PAST.slice(4), ...TODAY]];
    for (const half of [halves[0]!, halves[1]!, halves[0]!]) await detectIn(records, half, 'four', { data: a });
    for (const half of halves.toReversed()) await detectIn(records, half, 'four', { data: b });
    await detectIn(records, [...PAST, ...TODAY], 'four', { data: c });
    assert.equal(await known(a), await known(b));
    assert.equal(await known(a), await known(c));
  });

  it('is let go after 35 days', async (t) => {
    const [records, data] = places(t, 'records', 'data') as [string, string];
    const old = many(1, () => ({ client: '203.0.113.9', server: '10.0.0.8', port: 443, at: -40 * DAY }));
    await detectIn(records, old, 'four', { data });
    assert.match(await known(data), /10\.0\.0\.8/);
    await detectIn(records, TODAY, 'four', { data });
    assert.doesNotMatch(await known(data), /10\.0\.0\.8/);
  });
});
