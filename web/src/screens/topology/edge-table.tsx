/**
 * The picture as tables: edges, and boxes.
 */
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type {
  TopologyAnswer,
  TopologyBox,
  TopologyEdge,
  TopologyMeasure,
  TopologySums,
} from '../../../../src/api/topology.ts';
import { countText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { recordsAt } from '../../parts/screen-links.ts';
import { boxFilter, boxSumsIn, edgeFilter, keyOf, sumsIn } from './values.ts';
import { cellText, kindWord, MEASURE_WORDS } from './words.ts';

type Shown = {
  readonly answer: TopologyAnswer;
  readonly measure: TopologyMeasure;
  readonly window: number;
  /** What is set already. */
  readonly filter: string;
  readonly chosen: string;
  readonly choose: (id: string) => void;
};

type EdgeRow = {
  readonly key: string;
  readonly edge: TopologyEdge;
  readonly a: TopologyBox;
  readonly b: TopologyBox;
  readonly sums: TopologySums;
};
type BoxRow = { readonly key: string; readonly box: TopologyBox; readonly sums: TopologySums };

const MEASURES = ['bytes', 'packets', 'flows', 'rejects'] as const;

/** Columns of the four measures; each number leads to the records behind it. */
function measureColumns<Row extends { readonly sums: TopologySums }>(
  filterOf: (row: Row) => string | null,
): TableProps.ColumnDefinition<Row>[] {
  return MEASURES.map((measure) => ({
    id: measure,
    header: MEASURE_WORDS[measure],
    sortingComparator: (a, b) => a.sums[measure] - b.sums[measure],
    cell: (row) => {
      const text = cellText(measure, row.sums[measure]);
      const filter = filterOf(row);
      if (filter === null || row.sums[measure] === 0) return text;
      const own = measure === 'rejects' && !filter.includes('action=') ? `${filter},action=REJECT` : filter;
      return (
        <ScreenLink to={recordsAt(own)} label={`${text} ${measure}, show the records`}>
          {text}
        </ScreenLink>
      );
    },
  }));
}

export function TopologyTables(props: Shown): ReactNode {
  return (
    <SpaceBetween size="l">
      <EdgeTable {...props} />
      <BoxTable {...props} />
    </SpaceBetween>
  );
}

function EdgeTable({ answer, measure, window, filter, chosen, choose }: Shown): ReactNode {
  const rows = useMemo(() => {
    const boxes = new Map(answer.boxes.map((box) => [box.id, box]));
    return answer.edges
      .map((edge): EdgeRow => ({
        key: keyOf(edge),
        edge,
        a: boxes.get(edge.a)!,
        b: boxes.get(edge.b)!,
        sums: sumsIn(edge, window),
      }))
      .toSorted((a, b) => b.sums[measure] - a.sums[measure]);
  }, [answer, window, measure]);
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount } = useCollection(rows, {
    pagination: { pageSize: 25 },
    sorting: {},
    filtering: {
      filteringFunction: ({ a, b }, text) =>
        [a.label, a.id, a.detail, b.label, b.id, b.detail].join(' ').toLowerCase().includes(text.toLowerCase()),
      empty: 'No record lies in this time range and filter.',
      noMatch: 'No edge has these words.',
    },
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      trackBy="key"
      selectionType="single"
      selectedItems={rows.filter(({ key }) => key === chosen)}
      onSelectionChange={({ detail }) => choose(detail.selectedItems[0]?.key ?? '')}
      onRowClick={({ detail }) => choose(detail.item.key)}
      wrapLines
      resizableColumns
      ariaLabels={{
        tableLabel: 'Edges',
        selectionGroupLabel: 'Choose an edge',
        itemSelectionLabel: (_, { a, b }) => `${a.label} to ${b.label}`,
      }}
      header={
        <Header
          variant="h2"
          counter={`(${countText(rows.length)})`}
          description="Both directions together, each packet once. The records of both ends may be more."
        >
          Edges
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringAriaLabel="Find edges"
          filteringPlaceholder="Find by name, id or address"
          countText={`${filteredItemsCount ?? 0} found`}
        />
      }
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        { id: 'a', header: 'Between', width: 180, isRowHeader: true, cell: ({ a }) => <Named box={a} /> },
        { id: 'b', header: 'And', width: 180, cell: ({ a, b }) => (a.id === b.id ? 'itself' : <Named box={b} />) },
        ...measureColumns<EdgeRow>(({ a, b }) => edgeFilter(a, b, filter)),
        { id: 'via', header: 'Through', width: 150, cell: ({ edge }) => edge.via.join(', ') || '-' },
        {
          id: 'pairs',
          header: 'Pairs of ends',
          width: 120,
          sortingComparator: (a, b) => a.edge.pairs - b.edge.pairs,
          cell: ({ edge }) => countText(edge.pairs),
        },
      ]}
    />
  );
}

function BoxTable({ answer, window, filter, chosen, choose }: Shown): ReactNode {
  const rows = useMemo(() => {
    const sums = boxSumsIn(answer, window);
    const none = { bytes: 0, packets: 0, flows: 0, rejects: 0 };
    return answer.boxes.map((box): BoxRow => ({ key: box.id, box, sums: sums.get(box.id) ?? none }));
  }, [answer, window]);
  const labels = useMemo(() => new Map(answer.boxes.map(({ id, label }) => [id, label])), [answer]);
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount } = useCollection(rows, {
    pagination: { pageSize: 25 },
    sorting: {},
    filtering: {
      filteringFunction: ({ box: { label, id, detail } }, text) =>
        `${label} ${id} ${detail ?? ''}`.toLowerCase().includes(text.toLowerCase()),
      noMatch: 'No box has these words.',
    },
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      trackBy="key"
      selectionType="single"
      selectedItems={rows.filter(({ key }) => key === chosen)}
      onSelectionChange={({ detail }) => choose(detail.selectedItems[0]?.key ?? '')}
      onRowClick={({ detail }) => choose(detail.item.key)}
      wrapLines
      resizableColumns
      ariaLabels={{
        tableLabel: 'Boxes',
        selectionGroupLabel: 'Choose a box',
        itemSelectionLabel: (_, { box }) => box.label,
      }}
      header={
        <Header
          variant="h2"
          counter={`(${countText(rows.length)})`}
          description="Everything with an end in it, each packet once."
        >
          Boxes
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringAriaLabel="Find boxes"
          filteringPlaceholder="Find by name, id or address"
          countText={`${filteredItemsCount ?? 0} found`}
        />
      }
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        { id: 'box', header: 'Box', width: 250, isRowHeader: true, cell: ({ box }) => <Named box={box} /> },
        { id: 'kind', header: 'Kind', width: 120, cell: ({ box }) => kindWord(box.kind) },
        {
          id: 'in',
          header: 'In',
          width: 180,
          cell: ({ box }) => (box.parent === null ? '-' : (labels.get(box.parent) ?? box.parent)),
        },
        {
          id: 'interfaces',
          header: 'Interfaces',
          width: 120,
          sortingComparator: (a, b) => a.box.interfaces - b.box.interfaces,
          cell: ({ box }) => countText(box.interfaces),
        },
        ...measureColumns<BoxRow>(({ box }) => boxFilter(box, filter)),
      ]}
    />
  );
}

function Named({ box: { label, detail, resourceId } }: { readonly box: TopologyBox }): ReactNode {
  const more = [detail, resourceId === label ? null : resourceId].filter(Boolean).join(' · ');
  return (
    <span className="breaks-anywhere">
      {label}
      {more !== '' && <div className="quiet">{more}</div>}
    </span>
  );
}
