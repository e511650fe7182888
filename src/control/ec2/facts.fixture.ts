/**
 * For tests: the facts of a state file as another process reads them, and whether they hold together.
 *
 * Holds: a black hole of a route table, a rule over a peering connection, the far end of one, and what is described for a while
 *        after it is gone may name what is not there; nothing else may.
 */
import assert from 'node:assert/strict';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import { defaultDhcpOptionsId } from './dhcp-options.ts';
import { ACCOUNT, REGION } from './ec2.fixture.ts';
import { idOf, KIND_WORDS } from './items.ts';
import type { Items, Kind } from './items.ts';

export type Facts = { readonly [K in Kind]: readonly Items[K][] };

const KINDS = Object.keys(KIND_WORDS) as readonly Kind[];

/** All facts of an account. */
export function factsIn(path: string, account = ACCOUNT, region = REGION): Facts {
  const state = openState(path, false);
  try {
    const scope = openCurrentFacts(state).scope(account, region);
    return Object.fromEntries(KINDS.map((kind) => [kind, scope.list(kind)])) as unknown as Facts;
  } finally {
    state.close();
  }
}

/** What verdicts and diagnoses are made from. */
export function snapshotOf(facts: Facts): VpcSnapshot {
  return compileSnapshot(readModel([{ name: 'state', json: facts }]), { version: 1, atMicros: 0 });
}

type Json = Readonly<Record<string, unknown>>;

const GONE = new Set<unknown>(['deleted', 'terminated', 'rejected', 'expired', 'failed', 'blackhole']);

/** What is told of another account, leads over a peering connection, or is gone. */
function mayName(json: Json): boolean {
  const { OwnerId: owner, State: state, Status: status } = json;
  const words = [state, status].map((one) =>
    typeof one === 'object' && one !== null ? ((one as Json)['Code'] ?? (one as Json)['Name']) : one,
  );
  const isTerminated = typeof state === 'object' && state !== null && GONE.has((state as Json)['Name']);
  return (
    'PeeringStatus' in json || isTerminated || words.some((word) => GONE.has(word)) || (owner ?? ACCOUNT) !== ACCOUNT
  );
}

function idsIn(value: unknown, found: Set<string>): Set<string> {
  if (typeof value === 'string') {
    if (KINDS.some((kind) => new RegExp(`^${KIND_WORDS[kind].prefix}[0-9a-f]+$`).test(value))) found.add(value);
  } else if (Array.isArray(value)) for (const one of value) idsIn(one, found);
  else if (typeof value === 'object' && value !== null && !mayName(value as Json))
    for (const one of Object.values(value)) idsIn(one, found);
  return found;
}

/** No item names an id that is not there, and the model leaves nothing open. */
export function assertWhole(facts: Facts): void {
  const items = KINDS.flatMap((kind) => facts[kind].map((item) => ({ kind, id: idOf(kind, item), item })));
  // The options that nobody made are no fact.
  const there = new Set([...items.map(({ id }) => id), defaultDhcpOptionsId(ACCOUNT, REGION)]);
  for (const { kind, id, item } of items)
    for (const named of idsIn(item, new Set()))
      assert.ok(there.has(named), `${kind} ${id} names ${named}, which is not there`);
  // Of an interface that nobody uses, a VPC without one, a rule over a peering connection that has ended, the model says just that.
  const left = snapshotOf(facts).notUnderstood.filter(
    (line) => !/attached to nothing|of which no interface is given|behind a peering connection that is/.test(line),
  );
  assert.deepEqual(left, []);
}
