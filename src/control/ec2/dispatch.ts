/**
 * Runs an action for an authenticated caller.
 *
 * In:    the action, its parameters, who asks; facts as they are on disk by now. Out: the members of the answer.
 * Holds: a write is one transaction with its audit row and, where it came with a client token, its answer. The same token
 *        with the same parameters gets that answer again and changes nothing. A dry run does all that a real one does
 *        and takes it back.
 * Fails: with `Ec2Error`; with FG_STATE_* of the disk.
 */
import { createHash } from 'node:crypto';
import type { AuditLog } from '../../storage/state/audit.ts';
import type { Changed, CurrentFacts } from '../../storage/state/current-facts.ts';
import type { Role } from '../../storage/state/keys.ts';
import type { Action, Surroundings, WriteContext } from './action.ts';
import { DryRunSucceeded, Ec2Error, unauthorized } from './errors.ts';
import type { Parameters } from './form.ts';
import { readInput } from './read-input.ts';
import { findAnywhere, resourcesOf } from './resources.ts';
import { operationShapes } from './shapes.ts';

/** Who asks, and where. */
export type Caller = {
  readonly account: string;
  readonly region: string;
  readonly principal: string;
  readonly role: Role;
};

/** A change that is on disk. */
export type CommittedChange = {
  readonly atMicros: number;
  readonly account: string;
  readonly region: string;
  readonly action: string;
  readonly requestId: string;
  readonly changes: readonly Changed[];
};

/** What actions work with. */
export type Bench = {
  readonly facts: CurrentFacts;
  readonly audit: AuditLog;
  readonly surroundings: Surroundings;
  readonly now: () => Date;
  /** Hex digits that nobody can guess. */
  readonly randomHex: (digits: number) => string;
  readonly changed: (change: CommittedChange) => void;
};

/** Members of a request that are nobody's business but the caller's. */
const SECRET_MEMBERS = new Set(['UserData']);
const LONGEST_TOKEN = 64;
/** Of a call without a token nothing is compared. */
const NOTHING = new Uint8Array();

/** Runs an action. */
export async function runAction(
  bench: Bench,
  action: Action,
  parameters: Parameters,
  caller: Caller,
  requestId: string,
): Promise<object> {
  // An agent asks elsewhere.
  if (caller.role === 'agent') throw unauthorized();
  const input = withoutEmptyToken(readInput(operationShapes(action.name).request, parameters));
  const isDry = input['DryRun'] === true;
  if (action.access === 'write' && (caller.role !== 'operate' || !bench.facts.isOwn(caller.account)))
    throw unauthorized();
  const context = contextOf(bench, caller, requestId);
  if (action.access === 'read') {
    const answer = action.run(input, context, undefined);
    if (isDry) throw new DryRunSucceeded(answer);
    await bench.facts.settled();
    return answer;
  }
  const token = tokenCall(action, input, caller);
  const asked = token === null ? NOTHING : hashOf(input);
  const again = answeredBefore(bench, token, asked);
  if (again !== null && !isDry) {
    await bench.facts.settled();
    return again;
  }
  const prepared = await action.prepare(input, context);
  // Another call with this token may have come to its end meanwhile.
  const meanwhile = answeredBefore(bench, token, asked);
  if (meanwhile !== null && !isDry) {
    await bench.facts.settled();
    return meanwhile;
  }
  const { result, changes, atMicros } = await bench.facts.changeSoon(
    bench.now().getTime() * 1000,
    () => {
      const answer = action.run(input, context, prepared);
      if (isDry) throw new DryRunSucceeded(answer);
      return answer;
    },
    (answer, made, at) => {
      // Where nothing was made the same call may be sent again, once what hindered it is mended.
      if (made.length === 0) return;
      const { account, region, principal } = caller;
      bench.audit.add({
        atMicros: at,
        account,
        region,
        principal,
        action: action.name,
        requestId,
        parameters: withoutSecrets(input),
        changes: made,
      });
      if (token !== null) bench.audit.keepAnswer(token, { parameters: asked, answer }, at);
    },
  );
  if (changes.length > 0)
    bench.changed({
      atMicros,
      account: caller.account,
      region: caller.region,
      action: action.name,
      requestId,
      changes,
    });
  return result;
}

function contextOf(bench: Bench, { account, region, principal }: Caller, requestId: string): WriteContext {
  const { facts, surroundings } = bench;
  const elsewhere = (otherAccount: string, otherRegion: string): ReturnType<WriteContext['elsewhere']> =>
    resourcesOf(facts, otherAccount, otherRegion);
  return {
    account,
    region,
    principal,
    requestId,
    now: bench.now(),
    resources: resourcesOf(facts, account, region),
    elsewhere,
    find: (kind, id) => findAnywhere(facts, kind, id),
    isOwn: (other) => facts.isOwn(other),
    newId: (prefix) => `${prefix}${bench.randomHex(17)}`,
    surroundings,
  };
}

type TokenCall = { readonly account: string; readonly region: string; readonly action: string; readonly token: string };

function tokenCall(action: Action, input: object, { account, region }: Caller): TokenCall | null {
  const token: unknown = 'ClientToken' in input ? input.ClientToken : undefined;
  if (typeof token !== 'string') return null;
  if (token.length > LONGEST_TOKEN)
    throw new Ec2Error('InvalidParameterValue', `The client token is longer than ${LONGEST_TOKEN} characters.`);
  return { account, region, action: action.name, token };
}

function answeredBefore({ audit }: Bench, call: TokenCall | null, asked: Uint8Array): object | null {
  const before = call === null ? null : audit.answered(call);
  if (before === null) return null;
  if (!Buffer.from(before.parameters).equals(asked))
    throw new Ec2Error(
      'IdempotentParameterMismatch',
      'The client token you have provided was used before, with other parameters.',
    );
  return before.answer;
}

/** What was asked but for whether it is a dry run. */
function hashOf(input: Readonly<Record<string, unknown>>): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify({ ...input, DryRun: undefined }))
    .digest();
}

/** An empty client token is none. */
function withoutEmptyToken(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (input['ClientToken'] !== '') return input;
  const { ClientToken: _, ...others } = input;
  return others;
}

function withoutSecrets(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, SECRET_MEMBERS.has(name) ? 'left out' : value]),
  );
}
