/**
 * The range of time as a slider: the whole, or one window after the other.
 */
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Slider from '@cloudscape-design/components/slider';
import Table from '@cloudscape-design/components/table';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { TopologyAnswer, TopologyMeasure } from '../../../../src/api/topology.ts';
import { durationText, timeText } from '../../format.ts';
import './topology.css';
import { sumsByWindow } from './values.ts';
import { cellText, MEASURE_WORDS, measureText } from './words.ts';

const PLAY_MILLIS = 700;

export function Windows({
  answer,
  measure,
  window: at,
  change,
}: {
  readonly answer: TopologyAnswer;
  readonly measure: TopologyMeasure;
  readonly window: number;
  readonly change: (window: number) => void;
}): ReactNode {
  const { windows, stepSeconds } = answer;
  const sums = useMemo(() => sumsByWindow(answer), [answer]);
  const [playing, setPlaying] = useState(false);
  const last = windows.length - 1;
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (at >= last) setPlaying(false);
      else change(at + 1);
    }, PLAY_MILLIS);
    return () => clearTimeout(timer);
  }, [playing, at, last, change]);
  const most = Math.max(1, ...sums.map((one) => one[measure]));
  const say = (window: number): string => (window < 0 ? 'Whole range' : `${timeText(windows[window] ?? 0)} UTC`);
  return (
    <div>
      <div className="windows">
        <Button
          iconName={playing ? 'pause' : 'play'}
          ariaLabel={playing ? 'Stop playing' : 'Play window by window'}
          onClick={() => {
            if (!playing && at >= last) change(0);
            setPlaying(!playing);
          }}
        />
        <div>
          <svg
            className="window-bars"
            viewBox={`0 0 ${windows.length} 40`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {sums.map((one, i) => {
              const height = one[measure] === 0 ? 0 : 2 + (36 * one[measure]) / most;
              return (
                <rect
                  key={windows[i]}
                  className={at === i ? 'chosen' : ''}
                  x={i + 0.1}
                  y={40 - height}
                  width={0.8}
                  height={height}
                />
              );
            })}
          </svg>
        </div>
        <span />
        <div>
          <div className="windows-say" aria-live="polite">
            {`${say(at)}${at < 0 ? '' : `, ${durationText(stepSeconds)}: ${measureText(measure, sums[at]?.[measure] ?? 0)}`}`}
          </div>
          <Slider
            value={at}
            min={-1}
            max={last}
            step={1}
            hideFillLine
            valueFormatter={say}
            ariaLabel="Window of time"
            onChange={({ detail }) => {
              setPlaying(false);
              change(detail.value);
            }}
          />
        </div>
      </div>
      <ExpandableSection headerText="Windows as a table" variant="footer">
        <Table
          variant="embedded"
          items={windows.map((window, i) => ({ window, sums: sums[i]! }))}
          trackBy={({ window }) => String(window)}
          ariaLabels={{ tableLabel: 'Traffic by window' }}
          columnDefinitions={[
            { id: 'at', header: 'Begins (UTC)', isRowHeader: true, cell: ({ window }) => timeText(window) },
            ...(['bytes', 'packets', 'flows', 'rejects'] as const).map((one) => ({
              id: one,
              header: MEASURE_WORDS[one],
              cell: ({ sums: own }: { readonly window: number; readonly sums: (typeof sums)[number] }) =>
                cellText(one, own[one]),
            })),
          ]}
        />
      </ExpandableSection>
    </div>
  );
}
