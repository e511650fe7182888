/**
 * The screen *What-if*: a change of rules, replayed over recorded conversations before anybody makes it.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ReplayRouteAnswer } from '../../../../src/api/explain-routes.ts';
import { useFlash } from '../../flash.tsx';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { useNames, useNetwork, useRules } from '../../parts/network.ts';
import { isNothing, Nothing } from '../../parts/nothing.tsx';
import { useRemountKey } from '../../parts/remount-key.ts';
import { Screen } from '../../parts/screen.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { textParameter } from '../../url-parameters.ts';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import { MOST_IN_ADDRESS, readText } from './draft.ts';
import { Editor } from './editor.tsx';
import { ReplayOutcome } from './outcome.tsx';

const PARAMETERS = { change: textParameter() };

export default function WhatIfScreen(): ReactNode {
  const [{ change: inAddress }, change] = useUrlState(PARAMETERS);
  /** One that is too long for an address. */
  const [long, setLong] = useState<string | null>(null);
  const flash = useFlash();
  const given = long ?? inAddress;
  const read = given === '' ? null : readText(given).change;
  const time = useTimeQuery();
  const asked = useExplained<ReplayRouteAnswer>(read === null ? null : `/api/replay?${time}`, { change: read });
  const network = useNetwork().last;
  const names = useNames(network);
  const rules = useRules(network);
  const [key, tellOwn] = useRemountKey(given);
  const ask = (chosen: unknown): void => {
    const json = JSON.stringify(chosen);
    tellOwn(json);
    if (json.length <= MOST_IN_ADDRESS) {
      setLong(null);
      change({ change: json });
      if (json === given) asked.reload();
      return;
    }
    setLong(json);
    change({ change: '' });
    flash({
      type: 'info',
      text: 'This change is too long for an address: it is replayed, but a link to this page does not have it.',
    });
  };
  return (
    <Screen
      title="What-if"
      description="What a change of rules would have done to the conversations of the time range. Nothing is changed."
    >
      <SpaceBetween size="l">
        <Editor key={key} given={given} network={network} loading={asked.state === 'loading'} ask={ask} />
        {asked.state === 'idle' && (
          <Box textAlign="center" color="text-body-secondary" padding="l">
            Write a change, paste one, or come here from a diagnosis with <i>Try it in What-if</i>.
          </Box>
        )}
        {asked.state === 'loading' && asked.last === null && (
          <Container>
            <Waiting what="Replaying recorded conversations" progress={asked.progress} />
          </Container>
        )}
        {asked.state === 'failed' && isNothing(asked.error) && (
          <Nothing error={asked.error}>There is nothing to replay the change over.</Nothing>
        )}
        {asked.state === 'failed' && !isNothing(asked.error) && <Failure error={asked.error} again={asked.reload} />}
        {asked.state !== 'failed' && asked.state !== 'idle' && asked.last !== null && (
          <div aria-busy={asked.state === 'loading'} className={asked.state === 'loading' ? 'is-old' : undefined}>
            <ReplayOutcome asked={asked.last} names={names} rules={rules} />
          </div>
        )}
      </SpaceBetween>
    </Screen>
  );
}
