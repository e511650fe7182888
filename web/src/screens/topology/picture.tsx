/**
 * The picture: boxes in boxes, and edges as thick as their traffic.
 *
 * Holds: boxes stand beside each other in the document, in the order of reading, and one of them takes the focus: arrows lead to
 *        the next, Page Up and Page Down out of a box and into it. What edges tell is in the table too.
 */
import Button from '@cloudscape-design/components/button';
import { memo, useCallback, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { TopologyAnswer, TopologyEdge, TopologyMeasure, TopologySums } from '../../../../src/api/topology.ts';
import { manyText } from '../../format.ts';
import { boxWords, kindWord, measureText } from './words.ts';
import type { Layout, Placed, Rect } from './layout.ts';
import { centre, edgePath, layoutOf, neighbour } from './layout.ts';
import { usePanZoom } from './pan-zoom.ts';
import './topology.css';
import { boxSumsIn, edgesOf, keyOf, sumsIn } from './values.ts';

type Choice = { readonly chosen: string; readonly choose: (id: string) => void };

export function Picture({
  answer,
  measure,
  window,
  chosen,
  choose,
  open,
}: Choice & {
  readonly answer: TopologyAnswer;
  readonly measure: TopologyMeasure;
  /** -1: the whole range. */
  readonly window: number;
  /** Opens a box all the way. */
  readonly open: (id: string) => void;
}): ReactNode {
  const layout = useMemo(() => layoutOf(answer), [answer]);
  const { svg, group, fit, zoom, pan, show } = usePanZoom(layout.width, layout.height);
  const sums = useMemo(() => boxSumsIn(answer, window), [answer, window]);
  const first = layout.boxes.keys().next().value ?? '';
  const [focused, setFocused] = useState(first);
  const current = layout.boxes.has(focused) ? focused : first;
  const near = useMemo(
    () => (chosen === '' ? null : new Set(layout.boxes.has(chosen) ? edgesOf(chosen, answer).map(keyOf) : [chosen])),
    [chosen, layout, answer],
  );
  const go = (id: string | null | undefined): void => {
    const placed = layout.boxes.get(id ?? '');
    if (placed === undefined) return;
    setFocused(placed.box.id);
    show(placed.rect);
    const found = svg.current?.querySelector<SVGGElement>(`[data-id="${CSS.escape(placed.box.id)}"]`);
    found?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = layout.boxes.get(current);
    const step = event.shiftKey ? KEYS_PAN[event.key] : undefined;
    const arrow = KEYS_GO[event.key];
    if (step !== undefined) pan(...step);
    else if (arrow !== undefined) go(neighbour(layout, current, arrow));
    else if (event.key === 'PageUp') go(at?.box.parent);
    else if (event.key === 'PageDown') go([...layout.boxes.values()].find(({ box }) => box.parent === current)?.box.id);
    else if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') fit();
    else if (event.key === 'Escape') choose('');
    else if ((event.key === 'Enter' || event.key === ' ') && at !== undefined) choose(at.box.id);
    else if (event.key === 'o' && at !== undefined) open(at.box.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const pick = useCallback(
    (id: string): void => {
      if (svg.current?.classList.contains('dragging') === true) return;
      setFocused((before) => (layout.boxes.has(id) ? id : before));
      choose(id);
    },
    [choose, layout, svg],
  );
  return (
    <div className={`topology ${near === null ? '' : 'has-chosen'}`}>
      <svg
        ref={svg}
        role="group"
        aria-label={`The network with ${manyText(answer.edges.length, 'edge')}. Arrow keys go from box to box, Page Up and Page Down out and in, Enter chooses, O opens, plus and minus scale, Shift with arrows moves.`}
        onKeyDown={onKeyDown}
      >
        <g ref={group}>
          <OpenBoxes layout={layout} sums={sums} measure={measure} chosen={chosen} focused={current} pick={pick} />
          <Edges layout={layout} edges={answer.edges} measure={measure} window={window} near={near} pick={pick} />
          <Heads layout={layout} />
          <Gateways layout={layout} />
          <Tiles layout={layout} sums={sums} measure={measure} chosen={chosen} focused={current} pick={pick} />
          <EdgeLabels layout={layout} edges={answer.edges} measure={measure} window={window} near={near} />
        </g>
      </svg>
      <div className="topology-tools">
        <Button iconName="zoom-in" ariaLabel="Larger" onClick={() => zoom(1.25)} />
        <Button iconName="zoom-out" ariaLabel="Smaller" onClick={() => zoom(0.8)} />
        <Button iconName="zoom-to-fit" ariaLabel="All in view" onClick={fit} />
      </div>
    </div>
  );
}

const KEYS_GO: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const KEYS_PAN: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [60, 0],
  ArrowRight: [-60, 0],
  ArrowUp: [0, 60],
  ArrowDown: [0, -60],
};

type BoxesProps = {
  readonly layout: Layout;
  readonly sums: ReadonlyMap<string, TopologySums>;
  readonly measure: TopologyMeasure;
  readonly chosen: string;
  readonly focused: string;
  readonly pick: (id: string) => void;
};

/** Those that others lie in: below the edges. */
const OpenBoxes = memo(function OpenBoxes({ layout, ...rest }: BoxesProps): ReactNode {
  return [...layout.boxes.values()]
    .filter(({ isOpen }) => isOpen)
    .map((placed) => <Box key={placed.box.id} placed={placed} {...rest} />);
});

const Tiles = memo(function Tiles({ layout, ...rest }: BoxesProps): ReactNode {
  return [...layout.boxes.values()]
    .filter(({ isOpen }) => !isOpen)
    .map((placed) => <Box key={placed.box.id} placed={placed} {...rest} />);
});

function Box({
  placed: { box, rect, isOpen },
  sums,
  measure,
  chosen,
  focused,
  pick,
}: Omit<BoxesProps, 'layout'> & { readonly placed: Placed }): ReactNode {
  const { x, y, width, height } = rect;
  const value = measureText(measure, sums.get(box.id)?.[measure] ?? 0);
  const isQuiet = (sums.get(box.id)?.[measure] ?? 0) === 0;
  const count = box.interfaces > 1 ? `, ${box.interfaces} interfaces` : '';
  const second = isQuiet && box.kind === 'interface' ? (box.detail ?? 'no traffic') : `${value}${count}`;
  const isOutside = box.parent === null && box.kind !== 'vpc' && box.id !== 'more inside';
  const names = ['box', isOpen ? 'open' : 'tile', isOutside ? 'outside' : '', box.kind === 'more' ? 'more' : ''];
  // Of letters of 12 pixels; bold ones are wider.
  const room = Math.floor((width - 20) / 6.4);
  const boldRoom = Math.floor((width - 20) / 7.6);
  return (
    <g
      className={`${names.join(' ')} ${chosen === box.id ? 'chosen' : ''}`}
      data-id={box.id}
      role="button"
      tabIndex={focused === box.id ? 0 : -1}
      aria-pressed={chosen === box.id}
      onClick={() => pick(box.id)}
    >
      <title>{`${boxWords(box)}: ${value}`}</title>
      <rect x={x} y={y} width={width} height={height} rx={isOpen ? 10 : 6} />
      {!isOpen && (
        <>
          <text className="head" x={x + 10} y={y + 19} aria-hidden="true">
            {short(box.label, boldRoom)}
          </text>
          <text x={x + 10} y={y + 36} aria-hidden="true">
            {short(second, room)}
          </text>
        </>
      )}
    </g>
  );
}

/** Names of open boxes, above the edges; a screen reader has them with the boxes. */
const Heads = memo(function Heads({ layout }: { readonly layout: Layout }): ReactNode {
  return [...layout.boxes.values()]
    .filter(({ isOpen }) => isOpen)
    .map(({ box, rect: { x, y, width } }) => {
      const room = Math.floor((width - 20) / 6.4);
      const label = short(box.label, Math.min(26, Math.floor((width - 20) / 7.6)));
      const more = room - label.length - 6;
      return (
        <text key={box.id} className="over" x={x + 12} y={y + 21} aria-hidden="true">
          <tspan className="head">{label}</tspan>
          {more > 6 && <tspan dx={8}>{short([kindWord(box.kind), box.detail].filter(Boolean).join(' '), more)}</tspan>}
        </text>
      );
    });
});

const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;

function Gateways({ layout }: { readonly layout: Layout }): ReactNode {
  return [...layout.gateways.values()].map(({ id, kind, rect: { x, y, width, height } }) => (
    <g key={id} className="gateway">
      <title>{`${kind} ${id}`}</title>
      <rect x={x} y={y} width={width} height={height} rx={4} />
      <text x={x + width / 2} y={y + 14}>
        {short(kind.replaceAll('-', ' '), 22)}
      </text>
      <text x={x + width / 2} y={y + 27}>
        {short(id, 20)}
      </text>
    </g>
  ));
}

type EdgesProps = {
  readonly layout: Layout;
  readonly edges: readonly TopologyEdge[];
  readonly measure: TopologyMeasure;
  readonly window: number;
  readonly near: ReadonlySet<string> | null;
};

/** The one gateway that an edge leads through; undefined: none, or several. */
const gatewayOf = (layout: Layout, { via }: TopologyEdge): Rect | undefined =>
  via.length === 1 ? layout.gateways.get(via[0]!)?.rect : undefined;

/** Edges whose value is written beside them. */
const LABELLED = 4;

/** Above all else: beside a box there is little room, and half a number is none. */
const EdgeLabels = memo(function EdgeLabels({ layout, edges, measure, window, near }: EdgesProps): ReactNode {
  const valued = edges
    .map((edge) => ({ edge, value: sumsIn(edge, window)[measure] }))
    .filter(({ edge, value }) => value > 0 && near?.has(keyOf(edge)) !== false)
    .toSorted((a, b) => b.value - a.value);
  return valued.slice(0, near === null ? LABELLED : undefined).map(({ edge, value }) => {
    const [from, to] = [layout.boxes.get(edge.a)?.rect, layout.boxes.get(edge.b)?.rect];
    if (from === undefined || to === undefined || (near === null && isStacked(from, to))) return null;
    const at = centre(middleOf(from, gatewayOf(layout, edge) ?? to));
    return (
      <text key={keyOf(edge)} className="edge-label" x={at.x} y={at.y} aria-hidden="true">
        {measureText(measure, value)}
      </text>
    );
  });
});

const Edges = memo(function Edges({
  layout,
  edges,
  measure,
  window,
  near,
  pick,
}: EdgesProps & { readonly pick: (id: string) => void }): ReactNode {
  const values = edges.map((edge) => sumsIn(edge, window));
  const most = Math.max(1, ...values.map((sums) => sums[measure]));
  return edges.map((edge, i) => {
    const [from, to] = [layout.boxes.get(edge.a), layout.boxes.get(edge.b)];
    if (from === undefined || to === undefined) return null;
    const sums = values[i]!;
    const value = sums[measure];
    const path = edgePath(from.rect, to.rect, gatewayOf(layout, edge) ?? null);
    const key = keyOf(edge);
    const isChosen = near?.has(key) === true;
    const width = 1.5 + 11 * Math.sqrt(value / most);
    const share = measure === 'rejects' ? 1 : sums.flows === 0 ? 0 : Math.min(1, sums.rejects / sums.flows);
    const name = isChosen ? 'edge chosen' : 'edge';
    return (
      <g key={key}>
        {value === 0 ? (
          <path className={`${name} nothing`} d={path} />
        ) : (
          <>
            {share < 1 && <path className={name} d={path} strokeWidth={width} />}
            {share > 0 && (
              <path className={`${name} rejected`} d={path} strokeWidth={Math.max(1.5, width * Math.sqrt(share))} />
            )}
          </>
        )}
        <path className="hit" d={path} onClick={() => pick(key)}>
          <title>{`${from.box.label} – ${to.box.label}: ${measureText(measure, value)}`}</title>
        </path>
      </g>
    );
  });
});

/** Whether one stands above the other: what is between them has no room for a number. */
function isStacked(from: Rect, to: Rect): boolean {
  return from !== to && from.x < to.x + to.width && to.x < from.x + from.width;
}

/** About where the curve between two boxes has its middle. */
function middleOf(from: Rect, to: Rect): Rect {
  if (from === to) return { ...from, x: from.x + from.width / 2 + 40, height: 40 };
  const [a, b] = [centre(from), centre(to)];
  if (isStacked(from, to)) return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: 0, height: 0 };
  const [left, right] = from.x < to.x ? [from, to] : [to, from];
  return { x: (left.x + left.width + right.x) / 2, y: (a.y + b.y) / 2, width: 0, height: 0 };
}
