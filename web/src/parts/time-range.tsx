/**
 * The time range of all screens, in the address.
 */
import DateRangePicker from '@cloudscape-design/components/date-range-picker';
import type { DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import type { ReactNode } from 'react';
import type { TimeChoice } from '../../../src/api/time-range.ts';
import { timeText } from '../format.ts';
import { useTimeChoice } from '../url-state.ts';

const OPTIONS: readonly DateRangePickerProps.RelativeOption[] = [
  { key: '15m', amount: 15, unit: 'minute', type: 'relative' },
  { key: '1h', amount: 1, unit: 'hour', type: 'relative' },
  { key: '6h', amount: 6, unit: 'hour', type: 'relative' },
  { key: '24h', amount: 24, unit: 'hour', type: 'relative' },
  { key: '7d', amount: 7, unit: 'day', type: 'relative' },
  { key: '30d', amount: 30, unit: 'day', type: 'relative' },
];

const SECONDS: Readonly<Record<DateRangePickerProps.TimeUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 30 * 86_400,
  year: 365 * 86_400,
};
const UNITS = ['day', 'hour', 'minute', 'second'] as const;

function valueOf(choice: TimeChoice): DateRangePickerProps.Value {
  if (choice.kind === 'between') {
    const [startDate, endDate] = [choice.from, choice.to].map((at) => new Date(at * 1000).toISOString());
    return { type: 'absolute', startDate: startDate!, endDate: endDate! };
  }
  const offered = OPTIONS.find(({ amount, unit }) => amount * SECONDS[unit] === choice.seconds);
  if (offered !== undefined) return offered;
  const unit = UNITS.find((unit) => choice.seconds % SECONDS[unit] === 0)!;
  return { type: 'relative', amount: choice.seconds / SECONDS[unit], unit };
}

function choiceOf(value: DateRangePickerProps.Value): TimeChoice {
  if (value.type === 'relative') return { kind: 'last', seconds: value.amount * SECONDS[value.unit] };
  const [from, to] = [value.startDate, value.endDate].map((text) => Math.floor(Date.parse(text) / 1000));
  return { kind: 'between', from: from!, to: to! };
}

const FORMATS: DateRangePickerProps.I18nStrings = {
  formatRelativeRange: ({ amount, unit }) =>
    `Last ${amount === 1 ? '' : `${amount} `}${unit}${amount === 1 ? '' : 's'}`,
  formatUnit: (unit, value) => (value === 1 ? unit : `${unit}s`),
};

/** Checks what was typed. */
function fault(value: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  if (value === null) return { valid: false, errorMessage: 'Choose a time range.' };
  const choice = choiceOf(value);
  if (choice.kind === 'last')
    return choice.seconds >= 1
      ? { valid: true }
      : { valid: false, errorMessage: 'Give a time of at least one second.' };
  if (Number.isNaN(choice.from) || Number.isNaN(choice.to))
    return { valid: false, errorMessage: 'Choose a start and an end.' };
  return choice.from < choice.to ? { valid: true } : { valid: false, errorMessage: 'The start comes before the end.' };
}

export function TimeRange(): ReactNode {
  const [choice, change] = useTimeChoice();
  return (
    <DateRangePicker
      value={valueOf(choice)}
      onChange={({ detail }) => detail.value !== null && change(choiceOf(detail.value))}
      relativeOptions={OPTIONS}
      isValidRange={fault}
      i18nStrings={FORMATS}
      // All times are UTC, here as in the tables.
      timeOffset={0}
      showClearButton={false}
      absoluteFormat="iso"
      ariaLabel={
        choice.kind === 'between' ? `Time range, ${timeText(choice.from)} to ${timeText(choice.to)} UTC` : 'Time range'
      }
    />
  );
}
