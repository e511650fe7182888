/**
 * The screen *Findings*: what detections found, with the records that show it; what nobody wants to be told of.
 */
import Alert from '@cloudscape-design/components/alert';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { DetectionTold, FindingsAnswer } from '../../../../src/api/findings-routes.ts';
import { durationText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useUrlState } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import { NOT_ASKED_WORDS, STANDING_WORDS } from '../../words/findings.ts';
import { FindingDetails } from './finding-details.tsx';
import { FindingTable } from './finding-table.tsx';
import { PARAMETERS, REACHES } from './parameters.ts';
import { SuppressionTable } from './suppression-table.tsx';

/** How often the list is asked for anew while it is looked at. */
const LOOK_MILLIS = 15_000;

export default function FindingsScreen(): ReactNode {
  const [{ show, reach, finding: id, doing }, change] = useUrlState(PARAMETERS);
  const listed = useCall<FindingsAnswer>(`/api/findings?last=${reach}`);
  const { last, reload } = listed;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), LOOK_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  const chosen = last?.findings.find((one) => one.id === id) ?? null;
  return (
    <Screen
      title="Findings"
      time={false}
      description="What detections found in the records: scans, guessed passwords, uploads, calls home, and what changed rules did."
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          {last !== null && <Looking told={last.detection} nowSeconds={last.nowSeconds} />}
          <SegmentedControl
            label="Found within"
            selectedId={reach}
            options={REACHES.map((one) => ({ id: one, text: one }))}
            onChange={({ detail }) => change({ reach: detail.selectedId as typeof reach, page: 1 })}
          />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {listed.state === 'failed' && <Failure error={listed.error} again={reload} />}
        {last !== null && <Trouble told={last.detection} />}
        <Tabs
          activeTabId={show}
          onChange={({ detail }) => change({ show: detail.activeTabId as typeof show })}
          tabs={[
            {
              id: 'findings',
              label: 'Findings',
              content: (
                <FindingTable answer={last} chosen={chosen} choose={(one) => change({ finding: one?.id ?? '' })} />
              ),
            },
            {
              id: 'suppressions',
              label: `Suppressions${last === null ? '' : ` (${last.suppressions.length})`}`,
              content: <SuppressionTable answer={last} reload={reload} />,
            },
          ]}
        />
        {show === 'findings' && id !== '' && (
          <FindingDetails
            key={id}
            id={id}
            listed={last}
            close={() => change({ finding: '' })}
            isSuppressing={doing === 'suppress'}
            suppress={() => change({ doing: 'suppress' })}
            done={(isDone) => {
              if (isDone) reload();
              change({ doing: 'none' });
            }}
          />
        )}
      </SpaceBetween>
    </Screen>
  );
}

function Looking({ told, nowSeconds }: { readonly told: DetectionTold; readonly nowSeconds: number }): ReactNode {
  const { type, text } = STANDING_WORDS[told.is];
  const ago = told.lastSeconds === null ? null : durationText(Math.max(0, Math.round(nowSeconds - told.lastSeconds)));
  return (
    <StatusIndicator type={type}>
      {text}
      {told.is === 'looked' && ago !== null && `, last ${ago} ago`}
    </StatusIndicator>
  );
}

/** What keeps findings from being found or told. */
function Trouble({ told: { is, problem, notAsked, alertProblems } }: { readonly told: DetectionTold }): ReactNode {
  return (
    <>
      {is === 'off' && (
        <Alert type="info" header="Nobody looks for findings here">
          It is turned off (<code>detect.enabled</code> in <code>flowgauge.json</code>), or this is the demonstration.
          What was found before, and by <code>flowgauge detect</code>, is listed.
        </Alert>
      )}
      {problem !== null && (
        <Alert type="error" header="The last look failed">
          <span className="breaks-anywhere">{problem.message}</span>
        </Alert>
      )}
      {alertProblems.map(({ receiver, why }) => (
        <Alert key={receiver} type="warning" header={`Alerts do not reach ${receiver}`}>
          <span className="breaks-anywhere">{why}</span>
        </Alert>
      ))}
      {notAsked.length > 0 && (
        <Alert
          type="info"
          header={
            notAsked.length === 1 ? 'One detection was not asked' : `${notAsked.length} detections were not asked`
          }
        >
          <ul className="plain-list breaks-anywhere">
            {[...Map.groupBy(notAsked, ({ why, fields }) => `${NOT_ASKED_WORDS[why]} ${fields.join(', ')}`.trim())].map(
              ([why, ones]) => (
                <li key={why}>
                  {why}: {ones.map(({ detection }) => detection).join(', ')}
                </li>
              ),
            )}
          </ul>
        </Alert>
      )}
    </>
  );
}
