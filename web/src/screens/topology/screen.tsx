/**
 * The screen *Topology*: VPCs, zones, subnets and interfaces as boxes in boxes, what lies outside beside them, and the traffic
 * between.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Token from '@cloudscape-design/components/token';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { TopologyAnswer, TopologyScope } from '../../../../src/api/topology.ts';
import { TOPOLOGY_MEASURES } from '../../../../src/api/topology.ts';
import { countText, manyText } from '../../format.ts';
import { CodeText } from '../../parts/code-text.tsx';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { FilterBar } from '../../parts/filter.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Segments } from '../../parts/segments.tsx';
import { useExplained } from '../../parts/use-explained.ts';
import { useFields } from '../../parts/use-fields.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useTimeQuery, useUrlState } from '../../url-state.ts';
import { ChosenPanel } from './chosen-panel.tsx';
import { TopologyTables } from './edge-table.tsx';
import { PARAMETERS } from './parameters.ts';
import { Picture } from './picture.tsx';
import { MEASURE_WORDS, measureText } from './words.ts';
import { Windows } from './windows.tsx';

const SCOPE_WORDS: Readonly<Record<TopologyScope, string>> = {
  vpc: 'VPCs',
  zone: 'Zones',
  subnet: 'Subnets',
  interface: 'Interfaces',
};

export default function TopologyScreen(): ReactNode {
  const [{ filter, scope, grouping, measure, focus, view, chosen, at }, change] = useUrlState(PARAMETERS);
  const fields = useFields();
  const query = new URLSearchParams({ scope, grouping, measure });
  if (filter !== '') query.set('filter', filter);
  if (focus !== '') query.set('focus', focus);
  const asked = useExplained<TopologyAnswer>(`/api/topology?${useTimeQuery()}&${query}`);
  const choose = useCallback((id: string) => change({ chosen: id }, { replace: true }), [change]);
  const open = useCallback((id: string) => change({ focus: id, chosen: '' }), [change]);
  const step = useCallback((window: number) => change({ at: window }, { replace: true }), [change]);
  const { last: answer } = asked;
  const window = answer === null ? -1 : Math.min(at, answer.windows.length - 1);
  const scopes =
    grouping === 'group'
      ? (['vpc', 'subnet', 'interface'] as const)
      : (['vpc', 'zone', 'subnet', 'interface'] as const);
  const focused = answer?.boxes.find(({ id }) => id === focus);
  return (
    <Screen
      title="Topology"
      description="The network, and what went between its parts."
      actions={<Button iconName="refresh" ariaLabel="Ask again" onClick={asked.reload} />}
    >
      <SpaceBetween size="m">
        <FilterBar text={filter} fields={fields} onChange={(text) => change({ filter: text })} />
        <div className="bar">
          <SpaceBetween direction="horizontal" size="xs">
            <Segments
              label="Open down to"
              selectedId={scope === 'zone' && grouping === 'group' ? 'subnet' : scope}
              options={scopes.map((id) => ({
                id,
                text: id === 'subnet' && grouping === 'group' ? 'Groups' : SCOPE_WORDS[id],
              }))}
              onChange={({ detail }) => change({ scope: detail.selectedId as TopologyScope, focus: '', chosen: '' })}
            />
            <Segments
              label="Put together by"
              selectedId={grouping}
              options={[
                { id: 'subnet', text: 'Subnet' },
                { id: 'group', text: 'Security group' },
              ]}
              onChange={({ detail }) =>
                change({ grouping: detail.selectedId as typeof grouping, focus: '', chosen: '' })
              }
            />
            <FormField label="Edges by">
              <Select
                selectedOption={{ value: measure, label: MEASURE_WORDS[measure] }}
                options={TOPOLOGY_MEASURES.map((value) => ({ value, label: MEASURE_WORDS[value] }))}
                ariaLabel="Edges by"
                onChange={({ detail }) => change({ measure: detail.selectedOption.value as typeof measure })}
              />
            </FormField>
            <Segments
              label="Show as"
              selectedId={view}
              options={[
                { id: 'picture', text: 'Picture' },
                { id: 'table', text: 'Table' },
              ]}
              onChange={({ detail }) => change({ view: detail.selectedId as typeof view })}
            />
          </SpaceBetween>
        </div>
        {focus !== '' && (
          <Token
            label={`Opened: ${focused?.label ?? focus}`}
            dismissLabel="Close it"
            onDismiss={() => change({ focus: '', chosen: '' })}
          />
        )}
        {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
        {asked.state === 'loading' && answer === null && (
          <Container>
            <Waiting what="Drawing the network" progress={asked.progress} />
          </Container>
        )}
        {answer !== null && asked.state !== 'failed' && (
          <SpaceBetween size="m">
            <Summary answer={answer} isOld={asked.state === 'loading'} />
            {answer.boxes.length === 0 ? (
              <Alert type="info" header="Nothing is known of a network here">
                No facts are kept or imported, and no record lies in this time range. Choose another range, or start
                with <Box variant="code">flowgauge up</Box> or <Box variant="code">flowgauge import aws</Box>.
              </Alert>
            ) : view === 'picture' ? (
              <>
                <Picture
                  answer={answer}
                  measure={measure}
                  window={window}
                  chosen={chosen}
                  choose={choose}
                  open={open}
                />
                <Legend />
              </>
            ) : (
              <TopologyTables
                answer={answer}
                measure={measure}
                window={window}
                filter={filter}
                chosen={chosen}
                choose={choose}
              />
            )}
            {answer.edges.length > 0 && <Windows answer={answer} measure={measure} window={window} change={step} />}
            <Notes notes={answer.notes} notUnderstood={answer.notUnderstood} more={told(answer)} />
            {answer.sql !== null && (
              <ExpandableSection headerText="The SQL that was run" variant="footer">
                <CodeText text={answer.sql} label="the SQL" />
              </ExpandableSection>
            )}
            {chosen !== '' && (
              <ChosenPanel
                answer={answer}
                window={window}
                filter={filter}
                chosen={chosen}
                choose={choose}
                open={open}
              />
            )}
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Screen>
  );
}

function Summary({ answer, isOld }: { readonly answer: TopologyAnswer; readonly isOld: boolean }): ReactNode {
  const { total, interfaces, boxes, edges } = answer;
  const own = boxes.filter(({ kind }) => kind === 'interface').length;
  return (
    <div className="bar" aria-live="polite">
      <Box>
        {manyText(interfaces, 'interface')}
        {own > 0 && own < interfaces && `, ${countText(own)} with a box of their own`}; {manyText(edges.length, 'edge')}
        . Records: {measureText('flows', total.flows)}, {measureText('bytes', total.bytes)},{' '}
        {measureText('rejects', total.rejects)}.
      </Box>
      {isOld && <StatusIndicator type="loading">Asking anew</StatusIndicator>}
    </div>
  );
}

/** What of the answer is put together or taken for something. */
function told({ boxes, widened, network, edges }: TopologyAnswer): string[] {
  const more = boxes.filter(({ kind }) => kind === 'more');
  const stands = more.reduce((sum, box) => sum + box.stands, 0);
  return [
    ...(more.length === 0
      ? []
      : [
          `${manyText(stands, 'box', 'boxes')} with the least traffic ${stands === 1 ? 'is' : 'are'} in ${countText(more.length)} that ${more.length === 1 ? 'says so and holds' : 'say so and hold'} their sums. Open a subnet or VPC to see them.`,
        ]),
    ...(widened === 0
      ? []
      : [
          `${manyText(widened, 'edge')} with the least traffic ${widened === 1 ? 'is' : 'are'} drawn between the boxes around their ends: the ${manyText(edges.length, 'edge that is shown holds', 'edges that are shown hold')} all traffic.`,
        ]),
    ...(network === 'facts'
      ? []
      : [
          network === 'records'
            ? 'No facts of a network are known: VPCs, subnets and addresses are what the records tell. Import the network to see gateways, groups and what has no traffic.'
            : 'Some interfaces are in no facts: of them the records tell.',
        ]),
  ];
}

function Legend(): ReactNode {
  const line = (name: string): ReactNode => (
    <svg viewBox="0 0 40 10" aria-hidden="true">
      <path className={`edge ${name}`} d="M 0 5 L 40 5" strokeWidth={4} />
    </svg>
  );
  return (
    <div className="topology-legend topology-key">
      <span>{line('')} traffic, as thick as there is much of it</span>
      <span>{line('rejected')} rejected, or the part of it that was</span>
      <span>{line('nothing')} none in this window</span>
      <span className="quiet">Drag to move, Ctrl and wheel to scale, click for numbers.</span>
    </div>
  );
}
