/**
 * Rows of an answer to SQL, however many: only those in view are in the page.
 *
 * In:    columns, rows. Out: a table with the header in view; numbers to the right, in full.
 * Holds: cells are text and nothing else, whatever stands in them. The table scrolls by keyboard; who hears it is told how many rows
 *        there are and which these are.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { SqlCell, SqlColumn } from '../../../../src/api/sql.ts';

const ROW_PIXELS = 29;
const LEAST_CHARACTERS = 6;
const MOST_CHARACTERS = 48;
/** What stands around a cell's text, in the width of a digit; letters above a column are bold, and wider. */
const AROUND_CHARACTERS = 4;
const BOLD = 1.1;
/** Rows whose lengths a column's width is made from. */
const MEASURED = 200;

const isNumber = (type: string): boolean => /INT|DOUBLE|FLOAT|DECIMAL/.test(type);

export const cellText = (cell: SqlCell): string => (cell === null ? '-' : String(cell));

export function RowsTable({
  columns,
  rows,
  label,
}: {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlCell[])[];
  readonly label: string;
}): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => host.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 12,
  });
  const begin = rows.slice(0, MEASURED);
  const isEnough = begin.length === MEASURED;
  const widths = useMemo(
    () =>
      columns.map(({ name }, at) => {
        const most = begin.reduce(
          (length, row) => Math.max(length, cellText(row[at] ?? null).length),
          name.length * BOLD,
        );
        return Math.min(Math.max(most, LEAST_CHARACTERS), MOST_CHARACTERS) + AROUND_CHARACTERS;
      }),
    // Once there are enough rows the widths stay: a table that jumps cannot be read.
    // oxlint-disable-next-line react/exhaustive-deps
    [columns, isEnough, isEnough ? 0 : begin.length],
  );
  const template = widths.map((width) => `${width}ch`).join(' ');
  return (
    <div
      ref={host}
      className="sql-rows"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      // Scrolled by keys.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <div role="rowgroup" className="sql-head">
        <div role="row" aria-rowindex={1} className="sql-row" style={{ gridTemplateColumns: template }}>
          {columns.map(({ name, type }, at) => (
            <div
              role="columnheader"
              key={at}
              className={isNumber(type) ? 'sql-cell sql-number' : 'sql-cell'}
              title={`${name}: ${type}`}
            >
              {name}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="sql-body" style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            role="row"
            aria-rowindex={index + 2}
            key={index}
            className="sql-row sql-placed"
            style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
          >
            {columns.map(({ type }, at) => {
              const text = cellText(rows[index]?.[at] ?? null);
              return (
                <div
                  role="cell"
                  key={at}
                  className={isNumber(type) ? 'sql-cell sql-number' : 'sql-cell'}
                  title={text.length > MOST_CHARACTERS ? text : undefined}
                >
                  {text}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
