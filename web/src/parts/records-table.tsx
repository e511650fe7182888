/**
 * A table of records of which only what is in view is in the page.
 *
 * In:    columns, rows, what a chosen cell does. Out: a grid that is scrolled by pointer and by keyboard.
 * Holds: one stop for Tab; arrow keys, Page Up and Down, Home and End go from cell to cell; `=` keeps only records with the
 *        cell's value, `!` leaves them out, `c` copies the record as its line. More rows are asked for before the end is reached.
 *        What stands in cells is text, whoever wrote it.
 */
import Button from '@cloudscape-design/components/button';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import type { FieldValue } from '../../../src/api/explore.ts';
import { cellText, columnWidths, headText, isNumberColumn } from './record-columns.ts';
import type { Fields } from './use-fields.ts';
import './records-table.css';

export type RecordsTableProps = {
  readonly label: string;
  /** Columns of the rows. */
  readonly columns: readonly string[];
  /** Those of them that are shown, in this order. */
  readonly shown: readonly string[];
  readonly rows: readonly (readonly FieldValue[])[];
  readonly fields: Fields;
  readonly height: number;
  /** Rows that come after these. */
  readonly hasMore: boolean;
  readonly loadMore?: () => void;
  readonly onOnly?: (field: string, value: FieldValue) => void;
  readonly onWithout?: (field: string, value: FieldValue) => void;
  /** The record's line is wanted. */
  readonly onCopyLine?: (row: readonly FieldValue[]) => void;
  readonly onCopyValue?: (text: string) => void;
};

const ROW_PIXELS = 28;
/** So many rows before the end the next page is asked for. */
const AHEAD = 200;

type Place = { readonly row: number; readonly column: number };

export function RecordsTable(props: RecordsTableProps): ReactNode {
  const { label, columns, shown, rows, fields, height, hasMore, loadMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Place | null>(null);
  const id = useId();
  const places = useMemo(() => shown.map((name) => columns.indexOf(name)), [columns, shown]);
  // Rows that come behind the first ones change no width.
  const [first] = rows;
  // eslint-disable-next-line react/exhaustive-deps -- as long as the first row is the same, so are the widths
  const widths = useMemo(() => columnWidths(fields, shown, columns, rows), [fields, shown.join(), columns, first]);
  const grid = { gridTemplateColumns: widths.map((width) => `${width}px`).join(' ') };
  const wide = widths.reduce((sum, width) => sum + width, 0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) loadMore?.();
  }, [hasMore, last, rows.length, loadMore]);

  const chosen = active !== null && active.row < rows.length && active.column < shown.length ? active : null;
  const go = (row: number, column: number): void => {
    const to = {
      row: Math.max(0, Math.min(rows.length - 1, row)),
      column: Math.max(0, Math.min(shown.length - 1, column)),
    };
    setActive(to);
    virtual.scrollToIndex(to.row);
    const box = scroller.current;
    if (box === null) return;
    const left = widths.slice(0, to.column).reduce((sum, width) => sum + width, 0);
    if (left < box.scrollLeft) box.scrollLeft = left;
    else if (left + widths[to.column]! > box.scrollLeft + box.clientWidth)
      box.scrollLeft = left + widths[to.column]! - box.clientWidth;
  };
  const keys = (event: KeyboardEvent): void => {
    if (rows.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, column } = chosen ?? { row: -1, column: 0 };
    const page = Math.max(1, Math.floor(height / ROW_PIXELS) - 2);
    const to: Readonly<Record<string, Place>> = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row: Math.max(0, row), column: column + 1 },
      ArrowLeft: { row: Math.max(0, row), column: column - 1 },
      PageDown: { row: row + page, column },
      PageUp: { row: row - page, column },
      Home: { row: Math.max(0, row), column: 0 },
      End: { row: Math.max(0, row), column: shown.length - 1 },
    };
    const next = to[event.key];
    if (next !== undefined) go(next.row, next.column);
    else if (chosen === null) return;
    else if (event.key === '=') act(props, chosen, places, 'only');
    else if (event.key === '!') act(props, chosen, places, 'without');
    else if (event.key === 'c') act(props, chosen, places, 'line');
    else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent): void => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (cell !== null) setActive({ row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) });
  };

  return (
    <div className="records">
      <Actions {...props} chosen={chosen} places={places} />
      <div
        ref={scroller}
        className="records-scroll"
        style={{ blockSize: height }}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-colcount={shown.length}
        aria-activedescendant={chosen === null ? undefined : `${id}-${chosen.row}-${chosen.column}`}
        onKeyDown={keys}
        onClick={click}
      >
        <div className="records-head" role="row" aria-rowindex={1} style={{ ...grid, inlineSize: wide }}>
          {shown.map((name, column) => (
            <div
              key={name}
              role="columnheader"
              aria-colindex={column + 1}
              className={isNumberColumn(name) ? 'records-number' : undefined}
              title={name}
            >
              {headText(name)}
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ blockSize: virtual.getTotalSize(), inlineSize: wide, position: 'relative' }}>
          {items.map(({ index, start }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className="records-row"
              style={{ ...grid, transform: `translateY(${start}px)`, blockSize: ROW_PIXELS }}
            >
              {shown.map((name, column) => {
                const text = cellText(fields, name, rows[index]![places[column]!] ?? null);
                const isActive = chosen?.row === index && chosen.column === column;
                return (
                  <div
                    key={name}
                    id={`${id}-${index}-${column}`}
                    role="gridcell"
                    aria-colindex={column + 1}
                    aria-selected={isActive}
                    className={classOf(name, text, isActive)}
                    data-row={index}
                    data-column={column}
                    title={text.length > 16 ? text : undefined}
                  >
                    {text}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function classOf(name: string, text: string, isActive: boolean): string | undefined {
  const names = [
    ...(isNumberColumn(name) ? ['records-number'] : []),
    ...(isActive ? ['records-active'] : []),
    ...(text === 'REJECT' || text === 'SKIPDATA' || text === 'open' ? ['records-marked'] : []),
    ...(text === '-' ? ['records-absent'] : []),
  ];
  return names.length === 0 ? undefined : names.join(' ');
}

type Act = 'only' | 'without' | 'line' | 'value';

function act(props: RecordsTableProps, { row, column }: Place, places: readonly number[], what: Act): void {
  const { shown, rows, onOnly, onWithout, onCopyLine, onCopyValue } = props;
  const [name, value] = [shown[column]!, rows[row]![places[column]!] ?? null];
  if (what === 'line') onCopyLine?.(rows[row]!);
  else if (what === 'value') onCopyValue?.(value === null ? '-' : String(value));
  else if (name !== 'x-open') (what === 'only' ? onOnly : onWithout)?.(name, value);
}

/** What can be done with the chosen cell. */
function Actions(
  props: RecordsTableProps & { readonly chosen: Place | null; readonly places: readonly number[] },
): ReactNode {
  const { chosen, places, shown, rows, fields, onOnly, onWithout, onCopyLine, onCopyValue } = props;
  const name = chosen === null ? null : shown[chosen.column]!;
  const value = chosen === null ? null : (rows[chosen.row]![places[chosen.column]!] ?? null);
  const isFilter = name !== null && name !== 'x-open';
  const button = (what: Act, words: string, isThere: boolean, isOn: boolean): ReactNode =>
    isThere && (
      <Button
        variant="inline-link"
        disabled={chosen === null || !isOn}
        onClick={() => chosen !== null && act(props, chosen, places, what)}
      >
        {words}
      </Button>
    );
  return (
    <div className="records-actions" role="toolbar" aria-label="What to do with the chosen cell">
      <span className="records-chosen">
        {name === null ? 'Choose a cell to filter by it' : `${name}: ${cellText(fields, name, value)}`}
      </span>
      {button('only', 'Only this', onOnly !== undefined, isFilter)}
      {button('without', 'Without this', onWithout !== undefined, isFilter)}
      {button('value', 'Copy value', onCopyValue !== undefined, true)}
      {button('line', 'Copy record as its line', onCopyLine !== undefined, true)}
    </div>
  );
}
