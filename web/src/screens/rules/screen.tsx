/**
 * The screen *Rules*: every rule of groups and ACLs with what it was used for, and what a group needs.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { RuleHitsAnswer } from '../../../../src/api/explain-routes.ts';
import type { NetworkAnswer } from '../../../../src/api/network.ts';
import { countText, manyText, timeText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { useNames, useNetwork } from '../../parts/network.ts';
import { isNothing, Nothing } from '../../parts/nothing.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { numberParameter, textParameter, wordParameter } from '../../url-parameters.ts';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import type { Mark } from '../../words/rules.ts';
import { asideTexts, MARKS } from '../../words/rules.ts';
import { Owner } from './owner.tsx';
import { RuleTable } from './rule-table.tsx';
import type { RuleRow } from './rows.ts';
import { rowsOf } from './rows.ts';

export const PARAMETERS = {
  of: textParameter(),
  rule: textParameter(),
  mark: wordParameter(['all', ...MARKS], 'all'),
  find: textParameter(),
  suggest: wordParameter(['no', 'yes'], 'no'),
  limit: numberParameter(0, 0, 9999),
  widen4: numberParameter(0, 0, 32),
  widen6: numberParameter(0, 0, 128),
};

export default function RulesScreen(): ReactNode {
  const asked = useExplained<RuleHitsAnswer>(`/api/rule-hits?${useTimeQuery()}`, {});
  const network = useNetwork();
  const isEmpty = asked.state === 'failed' && isNothing(asked.error);
  return (
    <Screen
      title="Rules"
      description="Every rule of security groups and network ACLs, and what it was used for in the time range."
      actions={<Button iconName="refresh" ariaLabel="Ask again" onClick={asked.reload} />}
    >
      <SpaceBetween size="l">
        {network.state === 'failed' && <Failure error={network.error} again={network.reload} />}
        {asked.state === 'failed' && !isEmpty && network.state !== 'failed' && (
          <Failure error={asked.error} again={asked.reload} />
        )}
        {isEmpty && <Nothing error={asked.error}>Rules are listed without what they were used for.</Nothing>}
        {network.last === null && network.state !== 'failed' && (
          <Container>
            <Waiting what="Reading the network" />
          </Container>
        )}
        {network.last !== null && (
          <Rules
            network={network.last}
            hits={isEmpty ? null : asked.last}
            waiting={asked.state === 'loading' && asked.last === null ? asked.progress : undefined}
            isOld={asked.state === 'loading'}
          />
        )}
      </SpaceBetween>
    </Screen>
  );
}

/** @param waiting  progress while hits come for the first time; undefined: they are there, or will not be */
function Rules({
  network,
  hits,
  waiting,
  isOld,
}: {
  readonly network: NetworkAnswer;
  readonly hits: RuleHitsAnswer | null;
  readonly waiting: Parameters<typeof Waiting>[0]['progress'] | undefined;
  readonly isOld: boolean;
}): ReactNode {
  const [values, change] = useUrlState(PARAMETERS);
  const { of } = values;
  const names = useNames(network);
  const rows = useMemo(() => rowsOf(network, hits?.answer ?? null), [network, hits]);
  const owner = [...network.groups, ...network.acls].find(({ id }) => id === of) ?? null;
  return (
    <SpaceBetween size="l">
      {hits !== null && <Summary hits={hits} rows={rows} />}
      {of !== '' && owner === null && (
        <Alert type="warning" header={`The network has no ${of}`}>
          It may have been deleted.{' '}
          <Button variant="inline-link" onClick={() => change({ of: '', rule: '', limit: 0, widen4: 0, widen6: 0 })}>
            Show all rules
          </Button>
        </Alert>
      )}
      {owner !== null && (
        <Owner
          key={owner.id}
          owner={owner}
          names={names}
          suggests={values.suggest === 'yes'}
          suggest={() => change({ suggest: 'yes' })}
          limits={values}
          limit={({ limit, widen4, widen6 }) => change({ limit, widen4, widen6 })}
        />
      )}
      <RuleTable
        rows={owner === null ? rows : rows.filter((row) => row.of === of)}
        all={rows.length}
        names={names}
        values={values}
        change={change}
        loading={waiting !== undefined || isOld}
        hasHits={hits !== null}
      />
      {hits !== null && (
        <Notes notes={hits.notes} notUnderstood={hits.answer.notUnderstood} more={asideTexts(hits.answer)} />
      )}
    </SpaceBetween>
  );
}

function Summary({
  hits: { answer },
  rows,
}: {
  readonly hits: RuleHitsAnswer;
  readonly rows: readonly RuleRow[];
}): ReactNode {
  const count = (mark: Mark): ReactNode => (
    <Box variant="awsui-value-large">{countText(rows.filter(({ marks }) => marks.includes(mark)).length)}</Box>
  );
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: `Unused, of ${manyText(rows.length, 'rule')}`, value: count('unused') },
          { label: 'Shadowed', value: count('shadowed') },
          { label: 'Wider than used', value: count('wider') },
          {
            label: 'Accepted conversations',
            value:
              answer.firstSeconds === null || answer.lastSeconds === null ? (
                'none'
              ) : (
                <>
                  <Box variant="awsui-value-large" display="block">
                    {countText(answer.conversations.accepted)}
                  </Box>
                  <Box variant="small" color="text-body-secondary">
                    {timeText(answer.firstSeconds)} to {timeText(answer.lastSeconds)} UTC
                  </Box>
                </>
              ),
          },
        ]}
      />
    </Container>
  );
}
