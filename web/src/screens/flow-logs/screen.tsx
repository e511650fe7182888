/**
 * The screen *Flow logs*: what is recorded and where it goes, how delivery does, what nobody records; making, replacing and
 * deleting flow logs.
 */
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, useEffect } from 'react';
import type { ReactNode } from 'react';
import type { FlowLogsAnswer } from '../../../../src/api/flow-logs.ts';
import { Failure } from '../../parts/failure.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useUrlState } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import { Coverage } from './coverage.tsx';
import { Details } from './details.tsx';
import { FlowLogTable } from './flow-log-table.tsx';
import { PARAMETERS } from './parameters.ts';

const Create = lazy(() => import('./create.tsx'));
const Replace = lazy(() => import('./replace.tsx'));
const DeleteFlowLog = lazy(() => import('./delete-flow-log.tsx'));
const EditTags = lazy(() => import('./edit-tags.tsx'));

/** How often the list is asked for anew while it is looked at. */
const LOOK_MILLIS = 15_000;

export default function FlowLogsScreen(): ReactNode {
  const [{ show, doing, id, of }, change] = useUrlState(PARAMETERS);
  const listed = useCall<FlowLogsAnswer>('/api/flow-logs');
  const { last, reload } = listed;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), LOOK_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  const chosen = last?.flowLogs.find((one) => one.id === id) ?? null;
  const back = (): void => change({ doing: 'none', of: '' });

  if (doing === 'create' || (doing === 'replace' && chosen !== null))
    return (
      <Screen
        title={doing === 'create' ? 'Create flow logs' : `Replace ${chosen?.name ?? id}`}
        description={
          doing === 'create'
            ? 'One flow log for each resource that you choose.'
            : 'AWS cannot change a flow log. Here one ends and its successor begins at one boundary: no record is missing or there twice.'
        }
        time={false}
      >
        <Suspense fallback={null}>
          {doing === 'create' ? (
            <Create
              answer={last}
              of={of}
              done={(made) => {
                reload();
                change({ doing: 'none', of: '', show: 'flow-logs', ...(made === undefined ? {} : { id: made }) });
              }}
            />
          ) : (
            <Replace
              flowLog={chosen!}
              done={(successor) => {
                reload();
                change({ doing: 'none', ...(successor === undefined ? {} : { id: successor }) });
              }}
            />
          )}
        </Suspense>
      </Screen>
    );
  const mayCreate = last?.mayCreate === true;
  return (
    <Screen
      title="Flow logs"
      description="What is recorded, where its records go, and what nobody records."
      time={chosen !== null}
      actions={
        <Button
          variant="primary"
          disabled={!mayCreate}
          disabledReason={last === null ? 'Flow logs are being looked up.' : 'Your key may only read.'}
          onClick={() => change({ doing: 'create', of: '' })}
        >
          Create flow logs
        </Button>
      }
    >
      <SpaceBetween size="l">
        {listed.state === 'failed' && <Failure error={listed.error} again={reload} />}
        <Tabs
          activeTabId={show}
          onChange={({ detail }) => change({ show: detail.activeTabId as typeof show })}
          tabs={[
            {
              id: 'flow-logs',
              label: 'Flow logs',
              content: (
                <FlowLogTable
                  answer={last}
                  chosen={chosen}
                  choose={(one) => change({ id: one?.id ?? '' })}
                  act={(doing, one) => change({ doing, id: one.id })}
                  reload={reload}
                />
              ),
            },
            {
              id: 'coverage',
              label: 'Coverage',
              content: (
                <Coverage mayCreate={mayCreate} create={(ids) => change({ doing: 'create', of: ids.join('+') })} />
              ),
            },
          ]}
        />
        {show === 'flow-logs' && chosen !== null && last !== null && (
          <Details
            key={chosen.id}
            row={chosen}
            nowSeconds={last.nowSeconds}
            close={() => change({ id: '' })}
            editTags={() => change({ doing: 'tags' })}
          />
        )}
        <Suspense fallback={null}>
          {doing === 'delete' && chosen !== null && (
            <DeleteFlowLog
              row={chosen}
              done={(isGone) => {
                if (isGone) reload();
                change({ doing: 'none', ...(isGone ? { id: '' } : {}) });
              }}
            />
          )}
          {doing === 'tags' && chosen !== null && (
            <EditTags
              row={chosen}
              done={(isChanged) => {
                if (isChanged) reload();
                back();
              }}
            />
          )}
        </Suspense>
      </SpaceBetween>
    </Screen>
  );
}
