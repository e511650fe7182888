import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeScenario } from '../make-scenario.ts';
import { labSnapshot } from '../lab-snapshot.ts';
import { openState, statePath } from '../../../storage/state/state-file.ts';
import { openCurrentFacts } from '../../../storage/state/current-facts.ts';
import { SCENARIOS } from './list.ts';

test('names every file of the folder', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => !/^list\.|\.test\./.test(name));
  assert.deepEqual(SCENARIOS.map(({ name }) => `${name}.ts`).sort(), files.sort());
});

for (const scenario of SCENARIOS) {
  test(`${scenario.name}: makes a network that is wholly understood, the same each time`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lab-'));
    try {
      const ids: string[][] = [];
      for (const name of ['one', 'two']) {
        const made = join(directory, name);
        await makeScenario(made, scenario);
        const state = openState(statePath(made), false);
        const snapshot = labSnapshot(openCurrentFacts(state), undefined, Date.now() * 1000);
        state.close();
        assert.deepEqual(snapshot.notUnderstood, []);
        ids.push(snapshot.interfaces.map(({ id }) => id));
        const names = new Set([
          ...snapshot.interfaces.map(({ instanceTags }) => instanceTags['Name']),
          ...scenario.outside.map((host) => host.name),
        ]);
        for (const { from, to, expect } of scenario.traffic) {
          assert.ok(names.has(from) && names.has(to), `${from} → ${to}`);
          if (typeof expect === 'object') assert.ok(names.has(expect.rejectedAt));
        }
      }
      assert.deepEqual(ids[0], ids[1]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}
