import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConversationRules } from '../../network/verdict/conversation-rules.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { applyChange } from '../changes/apply.ts';
import { withConversations } from '../conversations/open-conversations.ts';
import { suggest } from '../suggest/suggest.ts';
import { ownAddressesOf, replay } from './replay.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-replay-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const FORMAT =
  'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction pkt-srcaddr pkt-dstaddr'
    .split(' ')
    .map((field) => `\${${field}}`)
    .join(' ');

test('every record that our own engine makes of packets is explained, and a suggestion blocks what it left out alone', async () => {
  const [capture, model, log] = ['a.pcap', 'm.json', 'a.log'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  const make = ['bench/generate/capture.ts', '--packets', '30000', '--seed', '1', '--snap', '96', '--seconds', '600'];
  execFileSync(join(ROOT, 'bin/node'), [...make, '--out', capture, '--vpc', model], { cwd: ROOT, stdio: 'ignore' });
  const records = execFileSync(
    join(ROOT, 'bin/flowgauge'),
    ['capture', '-r', capture, '--vpc', model, '--format', FORMAT],
    {
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  writeFileSync(log, records);
  const facts = readModel([{ name: 'm.json', json: JSON.parse(readFileSync(model, 'utf8')) }]);
  const snapshot = compileSnapshot(facts, { version: 1, atMicros: 0 });
  const rules = new ConversationRules(snapshot);
  await withConversations(log, 'replay', ownAddressesOf(rules), {}, async (conversations) => {
    const { totals } = await replay(
      conversations,
      rules,
      compileSnapshot(facts, { version: 2, atMicros: 0, before: snapshot }),
    );
    const { same, ...others } = totals;
    assert.ok(same.conversations > 15_000);
    for (const [effect, { conversations: count }] of Object.entries(others)) assert.equal(count, 0, effect);

    const group = snapshot.groups[6]!.id;
    const suggestion = await suggest(conversations, facts, rules, group, { limit: 5000, widening: null });
    assert.ok(suggestion.rules.length > 5, `${suggestion.rules.length} rules`);
    assert.equal(suggestion.replay.newlyBlocked, suggestion.replay.leftOut);
    const changed = applyChange(facts, { name: 'suggestion', steps: suggestion.change.changes, notes: [] }).model;
    const next = await replay(
      conversations,
      rules,
      compileSnapshot(changed, { version: 2, atMicros: 0, before: snapshot }),
    );
    assert.equal(next.totals['newly-blocked'].conversations, suggestion.replay.leftOut);
  });
});
