/**
 * The screen *Now*: what passes and what is refused at this moment, and whether all of it becomes records.
 */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { NowStanding } from '../../../../src/api/now.ts';
import { shortCountText } from '../../format.ts';
import { TimeChart } from '../../parts/chart.tsx';
import type { ChartSeries } from '../../parts/chart-data.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useFields } from '../../parts/use-fields.ts';
import { Freshness } from './freshness.tsx';
import { LastHour } from './last-hour.tsx';
import type { LiveState } from './live-state.ts';
import { SECONDS } from './live-state.ts';
import { LiveRecords } from './live-records.tsx';
import { LiveRejectsTable } from './live-rejects.tsx';
import { Numbers } from './numbers.tsx';
import { useNow } from './use-now.ts';
import './now.css';

export default function NowScreen(): ReactNode {
  const [isPaused, setPaused] = useState(false);
  const { live, standing, isConnected, missed } = useNow(isPaused);
  const fields = useFields();
  return (
    <Screen
      title="Now"
      time={false}
      description="What passes at this moment, what is refused, and how fresh the records are."
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Heard isPaused={isPaused} isConnected={isConnected} />
          <Button iconName={isPaused ? 'play' : 'pause'} onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        <Quiet standing={standing} />
        <Numbers live={live} standing={standing} />
        <div className="now-charts">
          <LastMinutes live={live} standing={standing} />
          <LastHour />
        </div>
        <Freshness />
        <LiveRejectsTable isPaused={isPaused} />
        <LiveRecords live={live} standing={standing} fields={fields} missed={missed} />
      </SpaceBetween>
    </Screen>
  );
}

function Heard({ isPaused, isConnected }: { readonly isPaused: boolean; readonly isConnected: boolean }): ReactNode {
  if (isPaused) return <StatusIndicator type="stopped">Paused</StatusIndicator>;
  return isConnected ? (
    <StatusIndicator type="success">Live</StatusIndicator>
  ) : (
    <StatusIndicator type="in-progress">Connecting</StatusIndicator>
  );
}

/** Why nothing moves, where that is so. */
function Quiet({ standing }: { readonly standing: NowStanding | null }): ReactNode {
  if (standing === null) return null;
  if (standing.capture === 'demo')
    return (
      <Alert type="info" header="Demo data">
        This machine’s traffic may not be captured, so nothing moves here: the records are of a capture that is part of
        the program. Look at them in <ScreenLink to={['/explore', { last: '7d' }]}>Explore</ScreenLink>. Run{' '}
        <code>flowgauge doctor</code> to see what is missing.
      </Alert>
    );
  if (standing.capture === 'ended')
    return (
      <Alert type="error" header="The capture has ended">
        No more traffic is seen. Start <code>flowgauge up</code> again; its last lines say why it ended.
      </Alert>
    );
  if (standing.quiet === 'too-many')
    return (
      <Alert type="info" header="Too many records to show one by one">
        More than some 50,000 records are open. Rates and records are not followed live; closed windows are in Explore.
      </Alert>
    );
  if (standing.quiet === 'no-local-flow-log' && standing.capture === 'running')
    return (
      <Alert type="info" header="No flow log writes to this machine">
        Live records are those of a flow log whose destination is the bucket <code>local</code>.{' '}
        <ScreenLink to={['/flow-logs', {}]}>Create one</ScreenLink>.
      </Alert>
    );
  return null;
}

function LastMinutes({
  live,
  standing,
}: {
  readonly live: LiveState;
  readonly standing: NowStanding | null;
}): ReactNode {
  const until = live.untilSeconds ?? Math.floor((standing?.atMillis ?? Date.now()) / 1000);
  const { times, range } = useMemo(
    () => ({
      times: Array.from({ length: SECONDS }, (_, at) => until - SECONDS + at),
      range: { fromSeconds: until - SECONDS, toSeconds: until },
    }),
    [until],
  );
  const series = useMemo(
    (): readonly ChartSeries[] => [
      { id: 'accepted', label: 'Accepted', values: live.accepted, look: 'accept' },
      { id: 'rejected', label: 'Rejected', values: live.rejected, look: 'reject' },
    ],
    [live.accepted, live.rejected],
  );
  return (
    <Container
      header={
        <Header variant="h2" description="Packets in open windows, as they come.">
          Packets by second
        </Header>
      }
    >
      <TimeChart
        label="Packets by second, last three minutes"
        times={times}
        stepSeconds={1}
        range={range}
        series={series}
        format={shortCountText}
        height={180}
      />
    </Container>
  );
}
