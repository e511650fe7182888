/**
 * The groups of an answer as a table, "Other" and the total with them.
 */
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { MEASURES } from '../../../../src/api/explore.ts';
import type { Amounts, Explored, FieldValue } from '../../../../src/api/explore.ts';
import { countText, shareText } from '../../format.ts';
import { otherLabel } from '../../parts/explored-series.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { recordsAt } from '../../parts/screen-links.ts';
import { namedValue } from '../../parts/use-fields.ts';
import type { Fields } from '../../parts/use-fields.ts';
import { only } from '../../filter-edit.ts';
import { amountText, changeText } from './amounts.ts';
import { groupFilter, otherFilter } from './groups.ts';
import { MEASURE_WORDS } from './state.ts';
import type { TabProps } from './state.ts';

type Row = {
  readonly id: string;
  /** Null: all others. */
  readonly values: readonly FieldValue[] | null;
  readonly amounts: Amounts;
  readonly before: Amounts | null;
  /** Of the records behind it; null where no filter says it. */
  readonly filter: string | null;
};

export function GroupsTable({
  answer,
  state,
  change,
  fields,
}: Pick<TabProps, 'state' | 'change'> & { readonly answer: Explored; readonly fields: Fields }): ReactNode {
  const { dimensions, groups, other, measure, total } = answer;
  const rows: Row[] = groups.map(({ values, amounts, before }, at) => ({
    id: String(at),
    values,
    amounts,
    before,
    filter: groupFilter(state.filter, dimensions, values),
  }));
  if (other !== null)
    rows.push({ id: 'other', values: null, ...other, filter: otherFilter(state.filter, dimensions, groups) });
  const all = groups.length + (other?.groups ?? 0);
  return (
    <Table<Row>
      items={rows}
      trackBy="id"
      variant="container"
      wrapLines
      header={
        <Header
          variant="h2"
          counter={`(${countText(all)})`}
          description={
            other === null
              ? 'Every group is shown.'
              : `The ${countText(groups.length)} with the most ${MEASURE_WORDS[measure].toLowerCase()} are shown; all others are added up in "Other".`
          }
        >
          {dimensions.length === 0 ? 'All' : `By ${dimensions.join(', ')}`}
        </Header>
      }
      columnDefinitions={[
        ...dimensions.map((name, at) => dimensionColumn(name, at, state.filter, change, fields, other?.groups ?? 0)),
        ...MEASURES.map((each) => amountColumn(each, dimensions.length === 0)),
        {
          id: 'share',
          header: `Share of ${MEASURE_WORDS[measure].toLowerCase()}`,
          cell: ({ amounts }) => <Share share={total[measure] === 0 ? 0 : amounts[measure] / total[measure]} />,
        },
        ...(answer.before === null
          ? []
          : [
              {
                id: 'change',
                header: 'To the period before',
                cell: ({ amounts, before, values }: Row) =>
                  before === null ? '-' : values === null ? '-' : changeText(amounts[measure], before[measure]),
              },
            ]),
      ]}
      empty={<Box textAlign="center">There are no groups.</Box>}
    />
  );
}

function dimensionColumn(
  name: string,
  at: number,
  filter: string,
  change: TabProps['change'],
  fields: Fields,
  otherGroups: number,
): TableProps.ColumnDefinition<Row> {
  return {
    id: `dimension-${name}`,
    header: name,
    cell: ({ values }) => {
      if (values === null) return at === 0 ? otherLabel(otherGroups) : '';
      const value = values[at] ?? null;
      const text = namedValue(fields, name, value);
      return (
        <Button
          variant="inline-link"
          ariaLabel={`Only ${name} ${text}`}
          onClick={() => change({ filter: only(filter, name, value) })}
        >
          <span className="breaks-anywhere">{value === null ? '- (absent)' : text}</span>
        </Button>
      );
    },
    isRowHeader: at === 0,
  };
}

function amountColumn(measure: (typeof MEASURES)[number], isAll: boolean): TableProps.ColumnDefinition<Row> {
  return {
    id: measure,
    header: MEASURE_WORDS[measure],
    cell: ({ amounts, filter }) => {
      const text = amountText(measure).full(amounts[measure]);
      if (filter === null) return <span className="explore-amount">{text}</span>;
      return (
        <ScreenLink to={recordsAt(filter)} label={`${text} ${measure}: records`}>
          <span className="explore-amount">{text}</span>
        </ScreenLink>
      );
    },
    ...(isAll && measure === 'bytes' ? { isRowHeader: true } : {}),
  };
}

/** A bar with its number. */
function Share({ share }: { readonly share: number }): ReactNode {
  return (
    <span className="explore-share">
      <span className="explore-bar" aria-hidden="true">
        <span style={{ inlineSize: `${Math.max(share > 0 ? 1 : 0, share * 100)}%` }} />
      </span>
      {shareText(share)}
    </span>
  );
}
