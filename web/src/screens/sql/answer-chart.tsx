/**
 * The chart of an answer to SQL; its table is beside it, on the tab of its own.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { countText, manyText, shortCountText } from '../../format.ts';
import { TimeChart } from '../../parts/chart.tsx';
import { seriesColour } from '../../parts/chart-colours.ts';
import { isDark } from '../../theme.ts';
import type { SqlAnswer } from './sql-answer.ts';
import { chartOf, firstChoice, isNumeric } from './chart-of.ts';
import type { ChartChoice, SqlChart } from './chart-of.ts';

export function AnswerChart({
  answer: { columns, rows },
  choice,
  onChoose,
}: {
  readonly answer: SqlAnswer;
  /** What the address says; a column that the answer does not have counts as none. */
  readonly choice: Partial<ChartChoice>;
  readonly onChoose: (choice: ChartChoice) => void;
}): ReactNode {
  const first = firstChoice(columns);
  if (first === null)
    return <Box color="text-body-secondary">A chart takes a column with numbers and one that names its rows.</Box>;
  const known = (name: string | undefined): name is string => columns.some((column) => column.name === name);
  const now = {
    across: known(choice.across) ? choice.across : first.across,
    up: known(choice.up) ? choice.up : first.up,
  };
  const options = (of: readonly { readonly name: string }[]) => of.map(({ name }) => ({ value: name, label: name }));
  return (
    <SpaceBetween size="m">
      <SpaceBetween direction="horizontal" size="m">
        <FormField label="Across">
          <Select
            selectedOption={{ value: now.across, label: now.across }}
            options={options(columns)}
            onChange={({ detail }) => onChoose({ ...now, across: detail.selectedOption.value! })}
          />
        </FormField>
        <FormField label="Up">
          <Select
            selectedOption={{ value: now.up, label: now.up }}
            options={options(columns.filter(isNumeric))}
            onChange={({ detail }) => onChoose({ ...now, up: detail.selectedOption.value! })}
          />
        </FormField>
      </SpaceBetween>
      <Drawn chart={chartOf(columns, rows, now)} choice={now} />
    </SpaceBetween>
  );
}

function Drawn({ chart, choice }: { readonly chart: SqlChart; readonly choice: ChartChoice }): ReactNode {
  if (chart.kind === 'none') return <Alert type="info">{chart.why}</Alert>;
  if (chart.kind === 'time') {
    const { times, stepSeconds, values } = chart;
    return (
      <TimeChart
        label={`${choice.up} over time`}
        times={times}
        stepSeconds={stepSeconds}
        range={{ fromSeconds: times[0]!, toSeconds: times.at(-1)! + stepSeconds }}
        series={[{ id: choice.up, label: choice.up, values, look: 'plain' }]}
        format={shortCountText}
      />
    );
  }
  const most = Math.max(0, ...chart.bars.map(({ value }) => value));
  const colour = seriesColour('plain', 0, isDark());
  return (
    <>
      <div
        className="sql-bars"
        role="img"
        aria-label={`Bars: ${choice.up} by ${choice.across}; the table has the same numbers`}
      >
        {chart.bars.map(({ name, value, text }, at) => (
          <Bar key={at} name={name} text={text} share={most > 0 ? Math.max(0, value) / most : 0} colour={colour} />
        ))}
      </div>
      {chart.left > 0 && (
        <Box color="text-body-secondary">
          The first {manyText(chart.bars.length, 'row')}; {countText(chart.left)} more are in the table.
        </Box>
      )}
    </>
  );
}

/** As it is read; one that is not exact as a number stays as it came. */
function numberText(text: string): string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? countText(number) : text;
}

function Bar({
  name,
  text,
  share,
  colour,
}: {
  readonly name: string;
  readonly text: string;
  readonly share: number;
  readonly colour: string;
}): ReactNode {
  return (
    <>
      <span className="sql-bar-name" title={name}>
        {name}
      </span>
      <span className="sql-bar-place">
        <span className="sql-bar" style={{ display: 'block', inlineSize: `${share * 100}%`, background: colour }} />
      </span>
      <span className="sql-bar-value">{numberText(text)}</span>
    </>
  );
}
