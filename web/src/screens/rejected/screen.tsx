/**
 * The screen *Rejected*: what rejects records, by cause and not by address, what is newly rejected first.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { RejectsAnswer } from '../../../../src/api/explain-routes.ts';
import type { RejectReport } from '../../../../src/api/rejects.ts';
import { countText, manyText, timeText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { useNames, useNetwork, useRules } from '../../parts/network.ts';
import { isNothing, Nothing } from '../../parts/nothing.tsx';
import { FilterBar } from '../../parts/filter.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useFields } from '../../parts/use-fields.ts';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { textParameter, wordParameter } from '../../url-parameters.ts';
import { useScreenLink, useTimeQuery, useUrlState } from '../../url-state.ts';
import { KINDS } from '../../words/rejects.ts';
import { CauseDetails } from './cause-details.tsx';
import { CauseTable } from './cause-table.tsx';
import { keyOf, shownCauses } from './causes.ts';
import { ChangesThatBroke } from './changes-that-broke.tsx';

const PARAMETERS = {
  filter: textParameter(),
  kind: wordParameter(['all', ...KINDS], 'all'),
  of: textParameter(),
  cause: textParameter(),
};

export default function RejectedScreen(): ReactNode {
  const [{ filter }, change] = useUrlState(PARAMETERS);
  const fields = useFields();
  const [, navigate] = useLocation();
  const link = useScreenLink();
  const asked = useExplained<RejectsAnswer>(`/api/rejects?${useTimeQuery()}`, filter === '' ? {} : { filter });
  return (
    <Screen
      title="Rejected"
      description="What rejects traffic, by cause. What passed before and is rejected now comes first."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel="Ask again" onClick={asked.reload} />
          <Button onClick={() => navigate(link('/diagnose'))}>Diagnose two ends</Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <FilterBar text={filter} fields={fields} onChange={(text) => change({ filter: text })} />
        {asked.state === 'failed' && !isNothing(asked.error) && <Failure error={asked.error} again={asked.reload} />}
        {asked.state === 'failed' && isNothing(asked.error) && <Nothing error={asked.error} />}
        {asked.state === 'loading' && asked.last === null && (
          <Container>
            <Waiting what="Looking for what rejects" progress={asked.progress} />
          </Container>
        )}
        {asked.last !== null && asked.state !== 'failed' && (
          <Report asked={asked.last} isOld={asked.state === 'loading'} />
        )}
      </SpaceBetween>
    </Screen>
  );
}

/** @param isOld  the next answer is under way */
function Report({
  asked: { answer, notes },
  isOld,
}: {
  readonly asked: RejectsAnswer;
  readonly isOld: boolean;
}): ReactNode {
  const [{ kind, of, cause: chosen }, change] = useUrlState(PARAMETERS);
  const network = useNetwork().last;
  const names = useNames(network);
  const rules = useRules(network);
  const { causes } = answer;
  const shown = shownCauses(causes, kind === 'all' ? null : kind, of);
  const selected = shown.find((cause) => keyOf(cause) === chosen) ?? null;
  return (
    <SpaceBetween size="l">
      <Summary answer={answer} />
      <ChangesThatBroke caused={answer.changeCaused} names={names} />
      <CauseTable
        causes={shown}
        all={causes}
        selected={selected}
        names={names}
        loading={isOld}
        kind={kind}
        of={of}
        chooseKind={(chosenKind) => change({ kind: chosenKind })}
        ofAll={() => change({ of: '' })}
        choose={(cause) => change({ cause: cause === null ? '' : keyOf(cause) })}
      />
      {selected !== null && <CauseDetails key={keyOf(selected)} cause={selected} names={names} rules={rules} />}
      <Notes
        notes={notes}
        notUnderstood={answer.notUnderstood}
        more={
          answer.notRemembered > 0
            ? [
                `Of ${manyText(answer.notRemembered, 'record')} the flow could not be remembered: peers, ports and newly rejected flows are at least what is shown.`,
              ]
            : []
        }
      />
    </SpaceBetween>
  );
}

function Summary({
  answer: { records, causes, firstSeconds, lastSeconds },
}: {
  readonly answer: RejectReport;
}): ReactNode {
  const newly = causes.filter((cause) => cause.newly !== null);
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Rejected records', value: <Box variant="awsui-value-large">{countText(records.rejected)}</Box> },
          { label: 'Causes', value: <Box variant="awsui-value-large">{countText(causes.length)}</Box> },
          {
            label: 'Newly rejecting causes',
            value: <Box variant="awsui-value-large">{countText(newly.length)}</Box>,
          },
          {
            label: 'Of records from, to (UTC)',
            value:
              firstSeconds === null || lastSeconds === null ? (
                'no record'
              ) : (
                <>
                  {timeText(firstSeconds)}
                  <br />
                  {timeText(lastSeconds)}
                </>
              ),
          },
        ]}
      />
    </Container>
  );
}
