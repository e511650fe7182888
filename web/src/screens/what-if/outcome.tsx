/**
 * What the change would have done: newly blocked, newly allowed and the same beside each other, then what is not explained.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { ReplayRouteAnswer } from '../../../../src/api/explain-routes.ts';
import type { Decider, Effect, ReplayAnswer, ReplayCause } from '../../../../src/api/replay.ts';
import { bytesText, countText, manyText, timeText, timeTextUtc } from '../../format.ts';
import { WrittenChange } from '../../parts/code-text.tsx';
import { Named, RuleLink } from '../../parts/named.tsx';
import type { Names, OwnedRule } from '../../parts/network.ts';
import { Notes } from '../../parts/notes.tsx';
import { ConversationsLink } from './conversations-link.tsx';
import { changeNoteText } from '../../words/notes.ts';
import { deciderText, EFFECT_WORDS, footTexts, serviceOf } from '../../words/replay.ts';

/** Causes of a kind that are listed at once. */
const MOST = 50;

export function ReplayOutcome({
  asked: { answer, notes, plan },
  names,
  rules,
}: { readonly asked: ReplayRouteAnswer } & Known): ReactNode {
  const unexplained = answer.causes.filter(({ effect }) => effect.endsWith('-unexplained'));
  return (
    <SpaceBetween size="l">
      <Headline answer={answer} />
      {answer.changeNotes.length > 0 && (
        <Alert type="warning" header="Not all of the change could be replayed">
          <ul className="plain-list breaks-anywhere">
            {answer.changeNotes.map((note, at) => (
              <li key={at}>{changeNoteText(note)}</li>
            ))}
          </ul>
        </Alert>
      )}
      <ColumnLayout columns={3} minColumnWidth={300}>
        <Effects answer={answer} effect="newly-blocked" type="error" names={names} rules={rules} />
        <Effects answer={answer} effect="newly-allowed" type="warning" names={names} rules={rules} />
        <Same answer={answer} />
      </ColumnLayout>
      {unexplained.length > 0 && <Unexplained causes={unexplained} names={names} rules={rules} />}
      <Container
        header={
          <Header variant="h2" description="Adding comes before taking away, so that nothing is blocked in between.">
            Export the change
          </Header>
        }
      >
        <WrittenChange
          label="The change for tools"
          written={{
            awsCli: plan.awsCli,
            terraform: plan.terraform,
            json: `${JSON.stringify({ changes: plan.changes }, null, 2)}\n`,
          }}
        />
      </Container>
      <Notes notes={notes} notUnderstood={answer.notUnderstood} more={footTexts(answer)} />
    </SpaceBetween>
  );
}

/** What is known of the present network. */
type Known = { readonly names: Names; readonly rules: ReadonlyMap<string, OwnedRule> };

/** What decides, with the rule's words; one that is not in the present network is one of the change. */
function DeciderWords({ decider, rules }: { readonly decider: Decider; readonly rules: Known['rules'] }): ReactNode {
  const { ruleId } = decider;
  const known = ruleId === null ? undefined : rules.get(ruleId);
  return (
    <>
      {deciderText(decider)}
      {ruleId !== null && (
        <div className="rule-text">
          {known === undefined ? (
            'a rule of the change'
          ) : (
            <>
              <RuleLink id={ruleId} of={known.of} />: {known.rule.says}
            </>
          )}
        </div>
      )}
    </>
  );
}

const many = (count: number): string => manyText(count, 'conversation');

function Headline({ answer }: { readonly answer: ReplayAnswer }): ReactNode {
  const { totals, window } = answer;
  const blocked = totals['newly-blocked'].conversations;
  const all = Object.values(totals).reduce((sum, { conversations }) => sum + conversations, 0);
  const unjudged = totals['not-in-model'].conversations + totals['not-placed'].conversations;
  const span =
    window.firstSeconds === 0
      ? ''
      : ` They were recorded from ${timeText(window.firstSeconds)} to ${timeTextUtc(window.lastSeconds)}.`;
  if (all === 0)
    return (
      <Alert type="info" header="No conversation was recorded in this time range">
        There is nothing to replay. Choose a longer time range.
      </Alert>
    );
  if (all === unjudged)
    return (
      <Alert type="warning" header={`None of ${many(all)} could be judged`}>
        The network that is known is not the one that these records are from.
      </Alert>
    );
  return blocked > 0 ? (
    <Alert type="error" header={`The change blocks ${many(blocked)} that passed`}>
      Replayed: {many(all)}.{span}
    </Alert>
  ) : (
    <Alert type="success" header="The change blocks no conversation that passed">
      Replayed: {many(all)}.{span} What was not recorded is not judged.
    </Alert>
  );
}

function Total({ answer, effect, type }: EffectOf & { readonly type: StatusIndicatorProps.Type }): ReactNode {
  const { conversations, packets, bytes } = answer.totals[effect];
  return (
    <div>
      <Box variant="awsui-value-large" display="block">
        {countText(conversations)}
      </Box>
      <StatusIndicator type={conversations === 0 && effect !== 'same' ? 'success' : type}>
        {conversations === 0 ? 'none' : `${manyText(packets, 'packet')}, ${bytesText(bytes)}`}
      </StatusIndicator>
    </div>
  );
}

type EffectOf = { readonly answer: ReplayAnswer; readonly effect: Effect };

function Effects({
  answer,
  effect,
  type,
  names,
  rules,
}: EffectOf & Known & { readonly type: StatusIndicatorProps.Type }): ReactNode {
  const causes = answer.causes.filter((cause) => cause.effect === effect);
  return (
    <Container fitHeight header={<Header variant="h2">{EFFECT_WORDS[effect]}</Header>}>
      <SpaceBetween size="m">
        <Total answer={answer} effect={effect} type={type} />
        {causes.slice(0, MOST).map((cause, at) => (
          <Cause key={at} cause={cause} names={names} rules={rules} />
        ))}
        {causes.length > MOST && (
          <Box color="text-body-secondary">and {manyText(causes.length - MOST, 'cause')} more, not listed</Box>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Cause({ cause, names, rules }: { readonly cause: ReplayCause } & Known): ReactNode {
  const { interfaceId, recordedAt, direction, before, after, lastSeconds, peers, examples } = cause;
  const others = peers - examples.length;
  return (
    <section className="effect-cause breaks-anywhere">
      <b>
        {serviceOf(cause)} {direction === 'ingress' ? 'into' : 'out of'}{' '}
      </b>
      <Named id={interfaceId} names={names} />
      {recordedAt !== null && <span className="quiet">, the far end of {names.get(recordedAt) ?? recordedAt}</span>}
      <div>
        <ConversationsLink cause={cause} />, {bytesText(cause.bytes)}
        {lastSeconds > 0 && <span className="quiet">, last seen {timeText(lastSeconds)}</span>}
      </div>
      <div>
        {peers === 1 ? 'Peer' : manyText(peers, 'peer')}: {examples.map(({ address }) => address).join(', ')}
        {others > 0 && ` and ${countText(others)} more`}
      </div>
      <dl className="before-after">
        <dt>Now</dt>
        <dd>
          <DeciderWords decider={before} rules={rules} />
        </dd>
        <dt>After</dt>
        <dd>
          <DeciderWords decider={after} rules={rules} />
        </dd>
      </dl>
    </section>
  );
}

function Same({ answer }: { readonly answer: ReplayAnswer }): ReactNode {
  const { totals, otherRule } = answer;
  const lines: readonly Effect[] = ['accepted-unexplained', 'rejected-unexplained', 'not-in-model', 'not-placed'];
  const told = lines.filter((effect) => totals[effect].conversations > 0);
  return (
    <Container fitHeight header={<Header variant="h2">{EFFECT_WORDS.same}</Header>}>
      <SpaceBetween size="m">
        <Total answer={answer} effect="same" type="info" />
        {otherRule > 0 && <div>{countText(otherRule)} of them are decided by another rule than before.</div>}
        {told.length > 0 && (
          <section>
            <b>Not counted as the same</b>
            <ul className="plain-list">
              {told.map((effect) => (
                <li key={effect}>
                  {EFFECT_WORDS[effect]}: {countText(totals[effect].conversations)}
                </li>
              ))}
            </ul>
          </section>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Unexplained({ causes, names, rules }: { readonly causes: readonly ReplayCause[] } & Known): ReactNode {
  return (
    <Table
      items={causes.slice(0, MOST)}
      wrapLines
      header={
        <Header
          variant="h2"
          counter={causes.length > MOST ? `(${MOST} of ${causes.length})` : `(${causes.length})`}
          description="The record says otherwise than the present rules: they were other then, or a connection had been closed. What the change does to these is not said."
        >
          Not explained
        </Header>
      }
      ariaLabels={{ tableLabel: 'Conversations that the present rules do not explain' }}
      columnDefinitions={[
        { id: 'effect', header: 'What', isRowHeader: true, cell: ({ effect }) => EFFECT_WORDS[effect] },
        {
          id: 'service',
          header: 'Service',
          cell: (cause) => `${serviceOf(cause)} ${cause.direction === 'ingress' ? 'into' : 'out of'}`,
        },
        { id: 'at', header: 'Interface', cell: ({ interfaceId }) => <Named id={interfaceId} names={names} /> },
        { id: 'count', header: 'Conversations', cell: (cause) => <ConversationsLink cause={cause} /> },
        {
          id: 'now',
          header: 'The rules say now',
          cell: ({ before }) => <DeciderWords decider={before} rules={rules} />,
        },
      ]}
    />
  );
}
