/**
 * The box or edge that was chosen: its numbers, what it is joined with, and ways to the records behind.
 */
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { TopologyAnswer, TopologyBox, TopologyEdge } from '../../../../src/api/topology.ts';
import { countText, manyText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { diagnoseAt, recordsAt } from '../../parts/screen-links.ts';
import { SidePanel } from '../../side-panel.tsx';
import { boxFilter, boxSumsIn, edgeFilter, edgesOf, keyOf, sumsIn } from './values.ts';
import { boxWords, cellText, kindWord, MEASURE_WORDS } from './words.ts';

type Props = {
  readonly answer: TopologyAnswer;
  readonly window: number;
  readonly filter: string;
  readonly chosen: string;
  readonly choose: (id: string) => void;
  /** Opens a box all the way. */
  readonly open: (id: string) => void;
};

const MEASURES = ['bytes', 'packets', 'flows', 'rejects'] as const;
/** Edges of a box that are listed. */
const MOST = 12;
/** Pixels: no word of theirs is cut in two; where there is less room the table scrolls. */
const NAME_WIDTH = 150;
const MEASURE_WIDTH = 95;

export function ChosenPanel(props: Props): ReactNode {
  const { answer, chosen, choose } = props;
  const close = (): void => choose('');
  const box = answer.boxes.find(({ id }) => id === chosen);
  if (box !== undefined)
    return (
      <SidePanel title={boxWords(box)} close={close}>
        <ChosenBox {...props} box={box} />
      </SidePanel>
    );
  const edge = answer.edges.find((one) => keyOf(one) === chosen);
  const [a, b] = [edge?.a, edge?.b].map((id) => answer.boxes.find((one) => one.id === id));
  if (edge === undefined || a === undefined || b === undefined) return null;
  return (
    <SidePanel title={a === b ? `Within ${a.label}` : `${a.label} and ${b.label}`} close={close}>
      <ChosenEdge {...props} edge={edge} a={a} b={b} />
    </SidePanel>
  );
}

function Ways({ filter, more }: { readonly filter: string | null; readonly more: ReactNode }): ReactNode {
  return (
    <SpaceBetween direction="horizontal" size="l">
      {filter !== null && <ScreenLink to={recordsAt(filter)}>Records</ScreenLink>}
      {filter !== null && <ScreenLink to={['/explore', { filter }]}>Explore</ScreenLink>}
      {filter !== null && <ScreenLink to={['/rejected', { filter }]}>Rejected</ScreenLink>}
      {filter === null && <span className="quiet">No filter tells its records apart.</span>}
      {more}
    </SpaceBetween>
  );
}

function ChosenBox({ answer, window, filter, choose, open, box }: Props & { readonly box: TopologyBox }): ReactNode {
  const sums = boxSumsIn(answer, window).get(box.id);
  const edges = edgesOf(box.id, answer)
    .map((edge) => ({ key: keyOf(edge), edge, sums: sumsIn(edge, window) }))
    .toSorted((one, other) => other.sums.bytes - one.sums.bytes);
  const labels = new Map(answer.boxes.map(({ id, label }) => [id, label]));
  const mayOpen = box.interfaces > 1 && (box.kind !== 'more' || box.parent !== null);
  const toOpen = box.kind === 'more' ? (box.parent ?? '') : box.id;
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Kind', value: kindWord(box.kind) },
          ...(box.resourceId === null ? [] : [{ label: 'Id', value: box.resourceId }]),
          ...(box.detail === null ? [] : [{ label: 'Is', value: box.detail }]),
          { label: 'Interfaces', value: countText(box.interfaces) },
          ...(box.stands === 0 ? [] : [{ label: 'Stands for', value: manyText(box.stands, 'box', 'boxes') }]),
          ...MEASURES.map((measure) => ({
            label: MEASURE_WORDS[measure],
            value: cellText(measure, sums?.[measure] ?? 0),
          })),
        ]}
      />
      <Ways
        filter={boxFilter(box, filter)}
        more={
          <>
            {box.kind === 'interface' && box.resourceId !== null && (
              <ScreenLink to={['/diagnose', { source: box.resourceId }]}>Diagnose from here</ScreenLink>
            )}
            {mayOpen && (
              <Button onClick={() => open(toOpen)}>Open {box.kind === 'more' ? 'what it is in' : 'it'}</Button>
            )}
          </>
        }
      />
      <Table
        variant="embedded"
        items={edges.slice(0, MOST)}
        trackBy="key"
        wrapLines
        ariaLabels={{ tableLabel: 'Its edges' }}
        empty="It has no traffic in this time."
        footer={edges.length > MOST ? `and ${countText(edges.length - MOST)} more, in the table of edges` : undefined}
        columnDefinitions={[
          {
            id: 'edge',
            header: `Its edges (${edges.length})`,
            isRowHeader: true,
            minWidth: NAME_WIDTH,
            cell: ({ edge, key }) => (
              <Link
                href="#"
                onFollow={(event) => {
                  event.preventDefault();
                  choose(key);
                }}
              >
                {edge.a === edge.b ? `within ${labels.get(edge.a)}` : `${labels.get(edge.a)} and ${labels.get(edge.b)}`}
              </Link>
            ),
          },
          ...MEASURES.map((measure) => ({
            id: measure,
            header: MEASURE_WORDS[measure],
            minWidth: MEASURE_WIDTH,
            cell: ({ sums: own }: (typeof edges)[number]) => cellText(measure, own[measure]),
          })),
        ]}
      />
    </SpaceBetween>
  );
}

function ChosenEdge({
  filter,
  window,
  choose,
  edge,
  a,
  b,
}: Props & { readonly edge: TopologyEdge; readonly a: TopologyBox; readonly b: TopologyBox }): ReactNode {
  const { there, back, recorded, via, pairs } = edge;
  const own = sumsIn(edge, window);
  const rows =
    window < 0
      ? [
          { key: 'there', what: a === b ? 'One way' : `${a.label} to ${b.label}`, sums: there },
          { key: 'back', what: a === b ? 'The other way' : `${b.label} to ${a.label}`, sums: back },
          { key: 'recorded', what: 'As recorded: what both ends have counts twice', sums: recorded },
        ]
      : [{ key: 'window', what: 'Both ways, in this window', sums: own }];
  const isDiagnosed = a !== b && a.kind === 'interface' && b.kind === 'interface';
  return (
    <SpaceBetween size="m">
      <Table
        variant="embedded"
        items={rows}
        trackBy="key"
        wrapLines
        ariaLabels={{ tableLabel: 'Traffic of the edge' }}
        columnDefinitions={[
          { id: 'what', header: 'Direction', isRowHeader: true, minWidth: NAME_WIDTH, cell: ({ what }) => what },
          ...MEASURES.map((measure) => ({
            id: measure,
            header: MEASURE_WORDS[measure],
            minWidth: MEASURE_WIDTH,
            cell: ({ sums }: (typeof rows)[number]) => cellText(measure, sums[measure]),
          })),
        ]}
      />
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Pairs of ends', value: countText(pairs) },
          { label: 'Through', value: via.join(', ') || 'no gateway' },
          {
            label: 'Between',
            value: (
              <SpaceBetween direction="horizontal" size="xs">
                {[a, b].map((box, i) => (
                  <Button key={i} variant="inline-link" onClick={() => choose(box.id)}>
                    {box.label}
                  </Button>
                ))}
              </SpaceBetween>
            ),
          },
        ]}
      />
      <Ways
        filter={edgeFilter(a, b, filter)}
        more={
          isDiagnosed && (
            <>
              <ScreenLink to={diagnoseAt({ from: a.resourceId ?? '', to: b.resourceId ?? '' })}>
                Diagnose {a.label} to {b.label}
              </ScreenLink>
              <ScreenLink to={diagnoseAt({ from: b.resourceId ?? '', to: a.resourceId ?? '' })}>
                Diagnose {b.label} to {a.label}
              </ScreenLink>
            </>
          )
        }
      />
    </SpaceBetween>
  );
}
