/**
 * The screen *Explore*: one filter over graph, table and records; all of it in the address.
 */
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { othersIn } from '../../filter-edit.ts';
import { FilterBar } from '../../parts/filter.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useFields } from '../../parts/use-fields.ts';
import { useUrlState } from '../../url-state.ts';
import { GraphTab } from './graph-tab.tsx';
import { RecordsTab } from './records-tab.tsx';
import { EXPLORE, TABS } from './state.ts';
import { Views } from './views.tsx';
import './explore.css';

export default function ExploreScreen(): ReactNode {
  const [state, change] = useUrlState(EXPLORE);
  const fields = useFields();
  const { filter, tab } = state;
  const others = useMemo(() => othersIn(filter, ...fields.others), [filter, fields.others]);
  return (
    <Screen
      title="Explore"
      description="How much traffic, of whom, and which records it was."
      actions={<Views state={state} change={change} />}
    >
      <SpaceBetween size="m">
        <Container>
          <FilterBar text={filter} fields={fields} onChange={(text) => change({ filter: text })} />
        </Container>
        <Tabs
          ariaLabel="Ways to look"
          activeTabId={tab}
          onChange={({ detail }) => change({ tab: TABS.find((one) => one === detail.activeTabId) ?? 'graph' })}
          tabs={[
            {
              id: 'graph',
              label: 'Graph and table',
              content: tab === 'graph' && <GraphTab state={state} change={change} fields={fields} others={others} />,
            },
            {
              id: 'records',
              label: 'Records',
              content: tab === 'records' && (
                <RecordsTab state={state} change={change} fields={fields} others={others} />
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Screen>
  );
}
