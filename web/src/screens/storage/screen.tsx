/**
 * The screen *Storage*: what lies in the bucket of this host, what became of it, and what is done next.
 */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { KeepingTold, StorageAnswer } from '../../../../src/api/storage.ts';
import { countText, manyText, timeText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useCall } from '../../use-call.ts';
import { KEEPING_WORDS } from '../../words/storage.ts';
import { DayTable } from './day-table.tsx';
import { FlowLogTable } from './flow-log-table.tsx';
import { Keeping } from './keeping.tsx';
import { Summary } from './summary.tsx';

/** How often it is asked what is done while the screen is looked at. */
const LOOK_MILLIS = 5000;

export default function StorageScreen(): ReactNode {
  const asked = useExplained<StorageAnswer>('/api/storage');
  const keeping = useCall<KeepingTold>('/api/storage/keeping');
  const { reload } = keeping;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), LOOK_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  // What a run has done is seen at once.
  const runAt = keeping.last?.last?.atSeconds ?? 0;
  const { reload: again } = asked;
  useEffect(() => {
    if (runAt > 0) again();
  }, [runAt, again]);
  return (
    <Screen
      title="Storage"
      time={false}
      description="Objects and lake of this host: how much, of which flow log and day, what is compacted and what goes."
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          {keeping.last !== null && <Standing told={keeping.last} />}
          <Button iconName="refresh" ariaLabel="Look again" onClick={asked.reload} />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
        {keeping.state === 'failed' && <Failure error={keeping.error} again={keeping.reload} />}
        {keeping.last !== null && <Trouble told={keeping.last} />}
        {asked.last === null && asked.state === 'loading' && (
          <Container>
            <Waiting what="Looking at what lies there" progress={asked.progress} />
          </Container>
        )}
        {asked.last !== null && <Missing ledger={asked.last.ledger} />}
        {asked.last !== null && <Summary answer={asked.last} />}
        {keeping.last !== null && <Keeping told={keeping.last} />}
        {asked.last !== null && <FlowLogTable answer={asked.last} />}
        {asked.last !== null && <DayTable answer={asked.last} />}
      </SpaceBetween>
    </Screen>
  );
}

/** Objects that an entry of the ledger names, and that neither lie there nor are in the lake. */
function Missing({ ledger: { missing, entries, example } }: { readonly ledger: StorageAnswer['ledger'] }): ReactNode {
  if (missing === 0) return null;
  return (
    <Alert
      type="error"
      header={`${countText(missing)} of ${manyText(entries, 'object')} of the ledger ${missing === 1 ? 'is' : 'are'} missing`}
    >
      <span className="breaks-anywhere">
        {missing === 1
          ? 'It does not lie there, nor has the lake its records: '
          : 'They do not lie there, nor has the lake their records, such as '}
        {example}. <code>flowgauge ledger verify</code> names all of them.
      </span>
    </Alert>
  );
}

function Standing({ told: { is, last, nextSeconds } }: { readonly told: KeepingTold }): ReactNode {
  const { type, text } = KEEPING_WORDS[is];
  return (
    <StatusIndicator type={type}>
      {text}
      {is === 'worked' && last !== null && ` at ${timeText(last.atSeconds)} UTC`}
      {nextSeconds !== null && is !== 'worked' && `, next at ${timeText(nextSeconds)} UTC`}
    </StatusIndicator>
  );
}

/** What keeps it from being done. */
function Trouble({ told: { is, problem, last } }: { readonly told: KeepingTold }): ReactNode {
  const kept = last === null ? 0 : last.keptObjects;
  return (
    <>
      {is === 'off' && (
        <Alert type="info" header="Nobody compacts here">
          It is turned off (<code>compact.enabled</code> in <code>flowgauge.json</code>), or this is the demonstration.{' '}
          <code>flowgauge compact</code> does it once. Nothing is removed.
        </Alert>
      )}
      {problem !== null && (
        <Alert type="error" header="The last run failed">
          <span className="breaks-anywhere">{problem.message}</span>
        </Alert>
      )}
      {kept > 0 && (
        <Alert
          type="warning"
          header={`${manyText(kept, 'object is', 'objects are')} old enough to go, and ${kept === 1 ? 'stays' : 'stay'}`}
        >
          They could not be compared with the lake: they were changed, or have lines that are no records.{' '}
          <code>flowgauge compact --expire</code> says of each file why.
        </Alert>
      )}
    </>
  );
}
