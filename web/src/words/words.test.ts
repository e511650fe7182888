import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Explanation, Reason, Stage, Step } from '../../../src/api/explanation.ts';
import type { RejectCause } from '../../../src/api/rejects.ts';
import {
  CAUSE_WORDS,
  CERTAINTY_NAMES,
  CERTAINTY_WORDS,
  missText,
  OUTCOME_WORDS,
  REASON_WORDS,
  STAGE_WORDS,
  stepText,
  verdictText,
} from './explanation.ts';
import { ALERT_WORDS, NOT_ASKED_WORDS, SEVERITY_WORDS, STANDING_WORDS } from './findings.ts';
import { NO_RECORD_WORDS, NOT_KNOWN_WORDS, SOURCE_WORDS } from './no-record.ts';
import { noteText } from './notes.ts';
import {
  causeText,
  CHANGE_WORDS,
  KIND_OF_STAGE,
  kindOf,
  metText,
  NOW_WORDS,
  serviceText,
  SURE_WORDS,
  WHY_WORDS,
} from './rejects.ts';
import { deciderText, EFFECT_WORDS, STAGE_WORDS as DECIDER_STAGES } from './replay.ts';
import { cautionTexts, widerText } from './rules.ts';

/** Members of a union of words, as the source of the contract has them. */
function membersOf(file: string, begin: RegExp): readonly string[] {
  const source = readFileSync(join(import.meta.dirname, '../../../src/api', file), 'utf8');
  const at = begin.exec(source);
  assert.ok(at !== null, `${file} has ${begin}`);
  const text = source.slice(at.index + at[0].length).split(';', 1)[0]!;
  return [...text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/'([^']+)'/g)].map(([, word]) => word!);
}

const STEP: Step = {
  leg: 'request',
  stage: 'sg-ingress',
  interfaceId: 'eni-1',
  ruleId: 'sgr-1',
  pass: true,
  reason: 'rule',
  asked: ['sg-1'],
  leadsTo: { kind: 'nat-gateway', id: 'nat-1' },
  ports: null,
  passingPorts: null,
  nearMisses: [],
};

test('every member of the unions that are shown has words', () => {
  const all: readonly (readonly [file: string, begin: RegExp, words: Readonly<Record<string, unknown>>])[] = [
    ['explanation.ts', /export type Outcome =/, OUTCOME_WORDS],
    ['explanation.ts', /export type Certainty =/, CERTAINTY_WORDS],
    ['findings.ts', /export type Severity =/, SEVERITY_WORDS],
    ['findings.ts', /export type AlertState =/, ALERT_WORDS],
    ['findings.ts', /readonly why:/, NOT_ASKED_WORDS],
    ['findings-routes.ts', /readonly is:/, STANDING_WORDS],
    ['explanation.ts', /export type Certainty =/, CERTAINTY_NAMES],
    ['explanation.ts', /export type Cause =/, CAUSE_WORDS],
    ['explanation.ts', /export type Stage =/, STAGE_WORDS],
    ['explanation.ts', /export type Reason =/, REASON_WORDS],
    ['rejects.ts', /export type Why =/, WHY_WORDS],
    ['rejects.ts', /readonly stage:/, KIND_OF_STAGE],
    ['rejects.ts', /readonly now:/, NOW_WORDS],
    ['rejects.ts', /readonly certainty: (?='kernel')/, SURE_WORDS],
    ['no-record.ts', /export type NoRecordReasonName =/, NO_RECORD_WORDS],
    ['no-record.ts', /readonly source:/, SOURCE_WORDS],
    ['no-record.ts', /readonly notKnown: readonly \(/, NOT_KNOWN_WORDS],
    ['replay.ts', /export type Effect =/, EFFECT_WORDS],
    ['replay.ts', /readonly stage:/, DECIDER_STAGES],
  ];
  for (const [file, begin, words] of all)
    assert.deepEqual(Object.keys(words).sort(), [...membersOf(file, begin)].sort(), `${file} ${begin}`);
  assert.deepEqual(
    Object.keys(CHANGE_WORDS).sort(),
    [...membersOf('rejects.ts', /export type ChangeKind =/), 'route'].sort(),
  );
  for (const reason of Object.keys(REASON_WORDS) as Reason[])
    for (const pass of [true, false])
      assert.match(stepText({ ...STEP, reason, pass }), /^[A-Zsr].{6,}\.$/u, `${reason} ${pass}`);
});

test('every reason why there is no record is a sentence, with what is known of it and without what is not', () => {
  const nothing = {
    certainty: 'certain',
    source: 'facts',
    interfaceId: null,
    flowLogIds: [],
    records: null,
    packets: null,
    startSeconds: null,
    endSeconds: null,
    learnedSeconds: null,
    ageSeconds: null,
    failures: null,
    about: null,
  } as const;
  const full = {
    ...nothing,
    interfaceId: 'eni-1',
    flowLogIds: ['fl-1'],
    records: 1,
    packets: 2,
    startSeconds: 0,
    endSeconds: 60,
    ageSeconds: 90,
    failures: 3,
    about: 'dns',
  } as const;
  for (const [reason, words] of Object.entries(NO_RECORD_WORDS))
    for (const told of [nothing, full]) {
      const text = words({ ...told, reason: reason as keyof typeof NO_RECORD_WORDS });
      assert.match(text, /^\S.*\.$/u, reason);
      assert.doesNotMatch(text, /null|undefined|NaN/u, reason);
    }
});

const EXPLANATION: Explanation = {
  question: {
    from: { text: 'a', addresses: [], interfaceIds: [] },
    to: { text: 'b', addresses: [], interfaceIds: [] },
    protocol: 'tcp',
    port: 1,
    sourcePorts: null,
  },
  outcome: 'blocked',
  certainty: 'certain',
  cause: 'acl',
  atMicros: 0,
  steps: [{ ...STEP, stage: 'nacl-egress', leg: 'reply', pass: false, ruleId: 'acl-1/out/100' }],
  deciding: 0,
  parts: [],
  evidence: [],
  fixes: [],
  notUnderstood: [],
};

test('a verdict says where and which way, and claims no more than the answer does', () => {
  const said = (changed: Partial<Explanation>): string => verdictText({ ...EXPLANATION, ...changed });
  assert.equal(said({}), 'On the way back, Network ACL, outbound at eni-1. acl-1/out/100 denies it.');
  assert.match(said({ certainty: 'one-of-several' }), /^For some ports: /);
  assert.match(said({ outcome: 'unanswered' }), /^Accepted, and lost: /);
  assert.match(said({ outcome: 'unknown' }), /^What would decide is not known here: /);
  assert.match(said({ cause: 'not-modelled', deciding: null }), /nothing that is known here explains/);
  assert.match(said({ cause: 'nobody-listens', outcome: 'unanswered' }), /^Not by policy/);
  assert.equal(said({ cause: 'route', deciding: null }), 'Routing.');
  const stages = Object.keys(STAGE_WORDS) as Stage[];
  for (const stage of stages)
    assert.ok(said({ steps: [{ ...STEP, stage, pass: false }] }).includes(STAGE_WORDS[stage]), stage);
});

test('what rejects is said by its likeliest cause; what nothing explains is said to be that', () => {
  const met = {
    interfaceId: 'eni-1',
    direction: 'ingress',
    stage: 'sg-ingress',
    ruleId: 'default-deny',
    rejectReason: null,
  } as const;
  const cause = { met: [met], why: 'rules' } as unknown as RejectCause;
  assert.equal(causeText(cause, ['sg-1', 'sg-2', 'sg-3', 'sg-4']), 'No rule of sg-1, sg-2, sg-3 and 1 more admits it');
  assert.equal(causeText(cause, null), 'No rule of its groups admits it');
  assert.equal(kindOf(cause), 'group');
  const none = { met: [], why: 'admitted' } as unknown as RejectCause;
  assert.equal(kindOf(none), 'not-explained');
  assert.match(causeText(none, null), /policy does not explain it$/);
  assert.equal(metText({ ...met, rejectReason: 'BPA' }, null), 'VPC Block Public Access');
  assert.equal(
    metText({ ...met, stage: 'nacl-ingress', ruleId: null }, null),
    'A rule that the record does not name denies it',
  );
  assert.deepEqual(['443/6', '0/1', '0/47', '53/17'].map(serviceText), ['tcp 443', 'icmp', 'protocol 47', 'udp 53']);
});

test('near misses, notes and deciders are sentences', () => {
  assert.equal(missText({ ruleId: 'x', differsIn: ['port', 'source'] }), 'fits but for the port and the source');
  assert.equal(missText({ ruleId: 'x', differsIn: ['order'] }), 'fits, and comes after an entry that denies');
  assert.equal(
    noteText({ kind: 'field-missing', field: 'tcp-flags', files: 2, of: 3, instead: null }),
    '2 of 3 files have no tcp-flags; their records lack what depends on it.',
  );
  assert.equal(
    noteText({ kind: 'none-in-range', newestSeconds: 0 }),
    'No record lies in this time range. The newest ended at 1970-01-01 00:00:00 UTC.',
  );
  const decider = {
    leg: 'reply',
    action: 'REJECT',
    stage: 'nacl-egress',
    ruleId: 'acl-1/out/100',
    rejectReason: null,
  } as const;
  assert.equal(deciderText(decider), 'Reply: rejected by acl-1/out/100 (network ACL, outbound)');
  assert.equal(deciderText({ ...decider, stage: 'route' }), 'Reply: no route leads to the peer');
});

test('a suggestion says what it left out, and a rule how it is wider', () => {
  const texts = cautionTexts({
    membersWithoutRecords: ['eni-1'],
    unseenShare: 0.004,
    isWidened: false,
    replay: { conversations: 9, newlyBlocked: 1, leftOut: 1, newlyAllowed: 0 },
    openerUnknown: 0,
    leftOut: {
      scans: { conversations: 2, sources: 6, examples: ['192.0.2.1'] },
      unanswered: { conversations: 0, sources: 0, examples: [] },
      rejected: 0,
      notPlaced: 0,
      ofOthers: 0,
    },
  } as unknown as Parameters<typeof cautionTexts>[0]);
  assert.deepEqual(texts, [
    'No record is of eni-1: what these members need is not known.',
    'Of conversations to come about 0.4% would need a rule that is not here, if they go on like these.',
    'Replayed, these rules block 1 conversation that passed and were left out on purpose.',
    'Left out: 2 conversations of scans, of 192.0.2.1 and 5 more.',
  ]);
  assert.equal(
    widerText({
      wider: {
        ports: { allowed: 100, used: 2 },
        addresses: { allowed: '256', used: 3, within: ['10.0.0.0/30'] },
        protocols: null,
      },
      ports: [
        { port: 80, conversations: 1 },
        { port: 443, conversations: 1 },
      ],
    } as unknown as Parameters<typeof widerText>[0]),
    '2 of 100 ports used (80, 443); 3 of 256 addresses used, all within 10.0.0.0/30.',
  );
});
