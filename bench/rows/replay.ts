/**
 * replay: a million conversations under the present rules and under proposed ones, on one core.
 *
 * In:    the benchmark's network of 1,000 interfaces and 20,000 rules, and conversations between its interfaces and with the world. Out: a table
 *        beside rules asked one after the other; the floor of issue 4.
 * Holds: both count the same newly blocked conversations of the first 20,000, or the row does not count. What is measured is judging and
 *        counting, from columns that are there already; the records are what the present rules would have said.
 */
import { Replay, NEWLY_BLOCKED } from '../../src/explain/replay/judged.ts';
import { Tally } from '../../src/explain/replay/tally.ts';
import type { ConversationBatch } from '../../src/explain/conversations/batch.ts';
import {
  BY_FLAGS,
  createConversationBatch,
  OPENER_LOCAL,
  OPENER_REMOTE,
  PLACED_BY_DIRECTION,
} from '../../src/explain/conversations/batch.ts';
import { ConversationRules } from '../../src/network/verdict/conversation-rules.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { Model } from '../../src/network/vpc/model.ts';
import type { Address, VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { plainConversation } from '../../test/explain/plain-verdict.ts';
import { benchModel } from '../generate/model.ts';
import { benchNetwork, remote4, SERVES } from '../generate/network.ts';
import type { BenchNetwork } from '../generate/network.ts';
import { createRandom } from '../generate/random.ts';
import { median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const ROWS = 2048;
const BATCHES = 512;
const PLAIN = 20_000;
const CLIENT_PORT = 32_768;
const CLIENT_PORTS = 28_000;

/** Conversations as they were recorded where the present rules held: most pass. */
function makeBatches(network: BenchNetwork, rules: ConversationRules): ConversationBatch[] {
  const random = createRandom(11);
  const { interfaces } = network;
  const numbers = new Map(rules.snapshot.interfaces.map((one) => [one.id, one.number]));
  return Array.from({ length: BATCHES }, () => {
    const batch = createConversationBatch(ROWS);
    for (let row = 0; row < ROWS; row++) {
      const own = interfaces[random.below(interfaces.length)]!;
      const other = interfaces[random.below(interfaces.length)]!;
      const isIn = random.below(2) === 0;
      const isInside = random.below(2) === 0;
      const server = isIn ? own : other;
      const ports = SERVES[server.role].tcp;
      const service = isIn || isInside ? ports[random.below(ports.length)]! : 443;
      const client = CLIENT_PORT + random.below(CLIENT_PORTS);
      batch.at[row] = numbers.get(own.id)!;
      batch.family[row] = 4;
      batch.protocol[row] = 6;
      batch.local[row * 4] = own.addresses4[0]!;
      batch.remote[row * 4] = isInside ? other.addresses4[0]! : remote4(random.below(200_000), network.seed);
      batch.localPort[row] = isIn ? service : client;
      batch.remotePort[row] = isIn ? client : service;
      batch.placed[row] = PLACED_BY_DIRECTION;
      batch.opener[row] = isIn ? OPENER_REMOTE : OPENER_LOCAL;
      batch.openerBy[row] = BY_FLAGS;
      rules.ends.load(4, 6, batch.local, row * 4, batch.localPort[row]!, batch.remote, row * 4, batch.remotePort[row]!);
      const passes = rules.judge(batch.at[row]!, isIn ? 0 : 1);
      for (const side of passes ? [batch.ingress, batch.egress] : [isIn ? batch.ingress : batch.egress]) {
        side.records[row] = 1;
        side.lastSeconds[row] = 1_795_000_000 + random.below(2_592_000);
        (passes ? side.acceptedPackets : side.rejectedPackets)[row] = passes ? 8 : 1;
        (passes ? side.acceptedBytes : side.rejectedBytes)[row] = passes ? 4000 : 60;
      }
    }
    return batch;
  });
}

/** Groups lose every third of their rules: the third group alone, or all of them. */
function changed(model: Model, before: VpcSnapshot, isOne: boolean): VpcSnapshot {
  const groups = new Map(
    [...model.groups].map(([id, group], at) => [
      id,
      !isOne || at === 2 ? { ...group, rules: group.rules.filter((_, rule) => rule % 3 !== 0) } : group,
    ]),
  );
  return compileSnapshot({ ...model, groups }, { version: 2, atMicros: 0, before });
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Newly blocked ones of the first conversations, by rules asked one after the other. */
function plainly(batches: readonly ConversationBatch[], before: VpcSnapshot, after: VpcSnapshot): number {
  let blocked = 0;
  const address = (words: Uint32Array, row: number): Address => ({ family: 4, words: [words[row * 4]!] });
  for (let at = 0; at < PLAIN; at++) {
    const batch = batches[Math.floor(at / ROWS)]!;
    const row = at % ROWS;
    const isIn = batch.opener[row] === OPENER_REMOTE;
    const own = before.interfaces[batch.at[row]!]!;
    const [service, client] = isIn
      ? [batch.localPort[row]!, batch.remotePort[row]!]
      : [batch.remotePort[row]!, batch.localPort[row]!];
    const packet = {
      direction: isIn ? ('ingress' as const) : ('egress' as const),
      protocol: 6,
      local: address(batch.local, row),
      remote: address(batch.remote, row),
      port: service,
    };
    const [asked, answered] = plainConversation(before, own, packet, client);
    const [isAsked, isAnswered] = plainConversation(after, after.interfaces[own.number]!, packet, client);
    if (asked && answered && !(isAsked && isAnswered)) blocked++;
  }
  return blocked;
}

export const replay: Row = async ({ rounds, command }) => {
  const head = heading(`replay: ${(ROWS * BATCHES).toLocaleString('en')} conversations, 20,000 rules`, command);
  const network = benchNetwork(1);
  const model = readModel([{ name: 'model', json: benchModel(network) }]);
  const before = compileSnapshot(model, { version: 1, atMicros: 0 });
  const batches = makeBatches(network, new ConversationRules(before));
  const numbers = Uint32Array.from(before.interfaces, (one) => one.number);
  const changes = [
    { name: 'one group loses a third of its rules', after: changed(model, before, true) },
    { name: 'every group does', after: changed(model, before, false) },
  ];
  const rows: string[][] = [];
  const rates: number[] = [];
  const wrong: string[] = [];
  for (const { name, after } of changes) {
    const seconds: number[] = [];
    let blocked = 0;
    // The first round makes the tables and warms up.
    for (let round = 0; round <= rounds; round++) {
      const present = new ConversationRules(before);
      const judging = new Replay(present, new ConversationRules(after, present.ends), numbers);
      const tally = new Tally();
      const spent = cpuSeconds(() => {
        for (const batch of batches) judging.take(batch, (row) => tally.add(batch, row, judging.judged));
      });
      if (round > 0) seconds.push(spent);
      blocked = tally.conversations[NEWLY_BLOCKED] ?? 0;
    }
    const rate = (ROWS * BATCHES) / median(seconds) / 1e6;
    rates.push(rate);
    rows.push([`flowgauge, ${name}`, fixed(rate), blocked.toLocaleString('en')]);
    let plainBlocked = 0;
    const plainSeconds = cpuSeconds(() => (plainBlocked = plainly(batches, before, after)));
    const plainRate = PLAIN / plainSeconds / 1e6;
    rows.push([`one rule after the other, ${name}`, fixed(plainRate, 4), `${plainBlocked} of ${PLAIN}`]);
    const own = blockedOfFirst(batches, before, after, numbers);
    if (own !== plainBlocked)
      wrong.push(`- ${name}: ${own} against ${plainBlocked}: **differ; the row does not count**`);
    else
      wrong.push(
        `- ${name}: ${fixed(rate / plainRate, 0)} times as fast, the same ${own} newly blocked of the first ${PLAIN}`,
      );
  }
  return [
    head + table(['side', 'million conversations / CPU s', 'newly blocked'], rows),
    ...wrong,
    floor('million conversations for each second of a core', Math.min(...rates), 1, true),
    '',
  ].join('\n');
};

function blockedOfFirst(
  batches: readonly ConversationBatch[],
  before: VpcSnapshot,
  after: VpcSnapshot,
  numbers: Uint32Array,
): number {
  const present = new ConversationRules(before);
  const judging = new Replay(present, new ConversationRules(after, present.ends), numbers);
  let at = 0;
  let blocked = 0;
  for (const batch of batches.slice(0, Math.ceil(PLAIN / ROWS)))
    judging.take(batch, () => {
      if (at++ < PLAIN && judging.judged.effect === NEWLY_BLOCKED) blocked++;
    });
  return blocked;
}
