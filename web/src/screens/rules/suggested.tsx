/**
 * The rules that a group needs: what each rests on, what goes, how far it can be trusted, what replaying it finds.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { SuggestAnswer, SuggestRequest } from '../../../../src/api/explain-routes.ts';
import type { SuggestedRule, Suggestion } from '../../../../src/api/suggestion.ts';
import { bytesText, countText, manyText, timeText } from '../../format.ts';
import { WrittenChange } from '../../parts/code-text.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Named } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { isNothing, Nothing } from '../../parts/nothing.tsx';
import { Notes } from '../../parts/notes.tsx';
import { whatIfAt } from '../../parts/screen-links.ts';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useScreenLink, useTimeQuery } from '../../url-state.ts';
import { cautionTexts, windowText } from '../../words/rules.ts';
import { SuggestForm } from './suggest-form.tsx';

/** What the address says of a suggestion: rules that a direction may have, lengths to which blocks are widened; 0: not given. */
export type SuggestLimits = { readonly limit: number; readonly widen4: number; readonly widen6: number };

export function Suggested({
  group,
  names,
  limits,
  change,
}: {
  readonly group: string;
  readonly names: Names;
  readonly limits: SuggestLimits;
  readonly change: (limits: SuggestLimits) => void;
}): ReactNode {
  const { limit, widen4, widen6 } = limits;
  const request: SuggestRequest = {
    group,
    ...(limit > 0 ? { limit } : {}),
    ...(widen4 > 0 ? { widen: { bits4: widen4, ...(widen6 > 0 ? { bits6: widen6 } : {}) } } : {}),
  };
  const asked = useExplained<SuggestAnswer>(`/api/suggest?${useTimeQuery()}`, request);
  return (
    <SpaceBetween size="m">
      <SuggestForm
        key={`${limit} ${widen4} ${widen6}`}
        limits={limits}
        change={change}
        isBusy={asked.state === 'loading'}
      />
      {asked.state === 'failed' ? (
        isNothing(asked.error) ? (
          <Nothing error={asked.error} />
        ) : (
          <Failure error={asked.error} again={asked.reload} />
        )
      ) : asked.state === 'ready' ? (
        <Answer answer={asked.value} names={names} widen={(bits4) => change({ ...limits, widen4: bits4 })} />
      ) : (
        <Container>
          <Waiting
            what="Looking for the fewest rules that its conversations need"
            progress={asked.state === 'loading' ? asked.progress : null}
          />
        </Container>
      )}
    </SpaceBetween>
  );
}

function Answer({
  answer: { answer, plan, notes },
  names,
  widen,
}: {
  readonly answer: SuggestAnswer;
  readonly names: Names;
  readonly widen: (bits4: number) => void;
}): ReactNode {
  const [, navigate] = useLocation();
  const link = useScreenLink();
  const { rules, superfluous, conversations, members, counts, limit } = answer;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`From ${windowText(answer.window)}: ${manyText(conversations, 'accepted conversation')} at ${manyText(members, 'member')}.`}
          actions={
            <Button iconName="search" onClick={() => navigate(link(...whatIfAt({ changes: plan.changes })))}>
              Try it in What-if
            </Button>
          }
        >
          It needs {manyText(rules.length, 'rule')} for what was recorded
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Outcome suggestion={answer} widen={widen} />
        <RulesTable rules={rules} names={names} />
        <Box color="text-body-secondary">
          {(['ingress', 'egress'] as const)
            .map(
              (way) =>
                `${way === 'ingress' ? 'Inbound' : 'Outbound'}: ${counts[way].four} for IPv4 and ${counts[way].six} for IPv6, of ${limit} that there may be.`,
            )
            .join(' ')}
        </Box>
        {superfluous.length > 0 && (
          <section className="breaks-anywhere">
            <b>Not needed, and taken away: </b>
            {superfluous.join(', ')}
          </section>
        )}
        <ul className="plain-list breaks-anywhere">
          {cautionTexts(answer).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <WrittenChange
          label="The suggestion for tools"
          written={{
            awsCli: plan.awsCli,
            terraform: plan.terraform,
            json: `${JSON.stringify({ changes: plan.changes }, null, 2)}\n`,
          }}
        />
        <Notes notes={notes} notUnderstood={answer.notUnderstood} />
      </SpaceBetween>
    </Container>
  );
}

/** What replaying it over the same conversations found. */
function Outcome({
  suggestion: { replay, fits, limit, widenWith },
  widen,
}: {
  readonly suggestion: Suggestion;
  readonly widen: (bits4: number) => void;
}): ReactNode {
  const unmeant = replay.newlyBlocked - replay.leftOut;
  return (
    <SpaceBetween size="xs">
      {!fits && (
        <Alert
          type="warning"
          header={`These are more than ${limit} rules for a direction, the limit`}
          action={widenWith !== null && <Button onClick={() => widen(widenWith)}>Widen to /{widenWith}</Button>}
        >
          {widenWith === null
            ? 'No wider blocks that were tried would help: ask AWS for a higher limit.'
            : `With blocks widened to /${widenWith} they would fit.`}
        </Alert>
      )}
      {unmeant > 0 ? (
        <StatusIndicator type="error">
          Replayed: of {manyText(replay.conversations, 'conversation')} these rules block {countText(unmeant)} that they
          were made for.
        </StatusIndicator>
      ) : (
        <StatusIndicator type="success">
          Replayed: of {manyText(replay.conversations, 'conversation')} these rules block none that they were made for,
          and newly allow {countText(replay.newlyAllowed)}.
        </StatusIndicator>
      )}
    </SpaceBetween>
  );
}

function RulesTable({ rules, names }: { readonly rules: readonly SuggestedRule[]; readonly names: Names }): ReactNode {
  return (
    <Table
      variant="embedded"
      items={rules}
      wrapLines
      ariaLabels={{ tableLabel: 'Suggested rules' }}
      empty={<Box textAlign="center">No conversation needs a rule of this group.</Box>}
      columnDefinitions={[
        {
          id: 'rule',
          header: 'Rule',
          isRowHeader: true,
          cell: ({ direction, protocol, ports, peer }) => (
            <span className="breaks-anywhere">
              {direction === 'ingress' ? 'inbound' : 'outbound'} {protocol} {ports ?? 'all ports'}{' '}
              {direction === 'ingress' ? 'from' : 'to'} <Named id={peer} names={names} />
            </span>
          ),
        },
        {
          id: 'keeps',
          header: 'Is',
          cell: ({ keeps }) =>
            keeps === null ? <StatusIndicator type="info">new</StatusIndicator> : <>kept: {keeps}</>,
        },
        {
          id: 'conversations',
          header: 'Conversations',
          cell: ({ conversations, byFlags }) => (
            <>
              {countText(conversations)}
              <div className="quiet">opener told by flags: {countText(byFlags)}</div>
            </>
          ),
        },
        { id: 'bytes', header: 'Bytes', cell: ({ bytes }) => bytesText(bytes) },
        {
          id: 'sources',
          header: 'Used by',
          cell: ({ sources, members, addresses }) =>
            members === null
              ? `${countText(sources)} of ${manyText(addresses, 'address', 'addresses')}`
              : `${countText(members.used)} of ${manyText(members.of, 'member')}`,
        },
        {
          id: 'last',
          header: 'Last (UTC)',
          cell: ({ lastSeconds }) => (lastSeconds === 0 ? '-' : timeText(lastSeconds)),
        },
      ]}
    />
  );
}
