/**
 * The screen *Diagnose*: why two ends can talk or cannot, or what rejected a record; step by step, both ways.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { DiagnoseAnswer, DiagnoseRequest } from '../../../../src/api/explain-routes.ts';
import '../../parts/explain.css';
import { EvidenceTable } from '../../parts/explanation/evidence.tsx';
import { Fixes } from '../../parts/explanation/fixes.tsx';
import { Verdict } from '../../parts/explanation/verdict.tsx';
import { Ways } from '../../parts/explanation/way.tsx';
import { Failure } from '../../parts/failure.tsx';
import type { Names } from '../../parts/network.ts';
import { useNames, useNetwork } from '../../parts/network.ts';
import { Notes } from '../../parts/notes.tsx';
import { useRemountKey } from '../../parts/remount-key.ts';
import { Screen } from '../../parts/screen.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { textParameter, wordParameter } from '../../url-parameters.ts';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import type { EndsForm } from './asked.ts';
import { atShown, requestOf } from './asked.ts';
import { endOptions } from './ends.ts';
import { QuestionForm } from './form.tsx';
import { Changes } from './last-changes.tsx';
import { Parts } from './parts.tsx';
import { ProveIt } from './prove-it.tsx';
import { WhyNoRecord } from './why-no-record.tsx';

const PARAMETERS = {
  mode: wordParameter(['ends', 'record'], 'ends'),
  source: textParameter(),
  destination: textParameter(),
  protocol: textParameter('tcp'),
  port: textParameter(),
  sport: textParameter(),
  at: textParameter(),
  record: textParameter(),
  format: textParameter(),
};

export default function DiagnoseScreen(): ReactNode {
  const [values, change] = useUrlState(PARAMETERS);
  const { mode, source, destination, protocol, port, sport, at, record, format } = values;
  const ends = useMemo(
    () => ({ source, destination, protocol, port, sport, at: atShown(at) }),
    [source, destination, protocol, port, sport, at],
  );
  const request = useMemo((): DiagnoseRequest | null => {
    if (mode === 'record') return record === '' ? null : { record, ...(format === '' ? {} : { format }) };
    return requestOf(ends);
  }, [mode, record, format, ends]);
  const time = useTimeQuery();
  const asked = useExplained<DiagnoseAnswer>(request === null ? null : `/api/diagnose?${time}`, request ?? {});
  const [key, tellOwn] = useRemountKey(JSON.stringify({ ...values, mode: '' }));
  const ask = (asking: typeof values): void => {
    tellOwn(JSON.stringify({ ...asking, mode: '' }));
    change(asking);
  };
  const network = useNetwork().last;
  const options = useMemo(() => endOptions(network), [network]);
  const newest = useNames(network);
  return (
    <Screen
      title="Diagnose"
      description="Why traffic passes or does not, step by step, both ways, by the rules as of a time. Records of the time range are counted beside it."
    >
      <SpaceBetween size="l">
        <QuestionForm
          key={key}
          mode={mode}
          ends={ends}
          record={{ record, format }}
          options={options}
          loading={asked.state === 'loading'}
          choose={(chosen) => change({ mode: chosen })}
          askEnds={(form) => ask({ ...values, ...form, mode: 'ends' })}
          askRecord={(form) => ask({ ...values, ...form, mode: 'record' })}
        />
        {asked.state === 'idle' && (
          <Box textAlign="center" color="text-body-secondary" padding="l">
            Say who talks to whom, and every group, ACL and route on the way there and back is asked.
          </Box>
        )}
        {asked.state === 'loading' && (
          <Container>
            <Waiting what="Asking every step" progress={asked.progress} />
          </Container>
        )}
        {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
        {asked.state === 'ready' && (
          <Answer answer={asked.value} newest={newest} ends={mode === 'ends' ? ends : null} />
        )}
      </SpaceBetween>
    </Screen>
  );
}

function Answer({
  answer: { explanation, rules, names: given, lastChanges },
  newest,
  ends,
}: {
  readonly answer: DiagnoseAnswer;
  /** Names of the newest network; those of the answer go before. */
  readonly newest: Names;
  readonly ends: EndsForm | null;
}): ReactNode {
  const names = useMemo(() => new Map([...newest, ...Object.entries(given)]), [newest, given]);
  const { evidence, fixes, parts, notUnderstood } = explanation;
  return (
    <SpaceBetween size="l">
      <Verdict explanation={explanation} names={names} />
      <Container header={<Header variant="h2">Step by step</Header>}>
        <Ways explanation={explanation} words={{ names, rules }} />
      </Container>
      <Parts parts={parts} names={names} />
      {fixes.length > 0 && (
        <Container header={<Header variant="h2">What would open it</Header>}>
          <Fixes fixes={fixes} names={names} />
        </Container>
      )}
      <Changes changes={lastChanges} />
      <Container header={<Header variant="h2">What records say</Header>}>
        <SpaceBetween size="m">
          {evidence.length === 0 && (
            <Box color="text-body-secondary">There are no flow logs of this time range to compare with.</Box>
          )}
          {evidence.map((one, at) => (
            <EvidenceTable key={at} evidence={one} names={names} />
          ))}
          {evidence.every(({ noRecord }) => noRecord !== null) && <WhyNoRecord explanation={explanation} />}
        </SpaceBetween>
      </Container>
      {ends !== null && <ProveIt key={JSON.stringify(ends)} ends={ends} explanation={explanation} names={names} />}
      <Notes notUnderstood={notUnderstood} />
    </SpaceBetween>
  );
}
