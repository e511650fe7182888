/**
 * How many rules a suggestion may have, and how far blocks may be widened where there is no room.
 *
 * In:    what the address says; 0: not given. Out: what it shall say, when it is asked for.
 * Holds: nothing is asked while somebody types; what cannot be read is said beside its field.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReactNode } from 'react';
import '../../parts/explain.css';
import type { SuggestLimits } from './suggested.tsx';

/** AWS's default for a direction and family. */
const USUAL_LIMIT = '60';

const shown = (value: number): string => (value === 0 ? '' : String(value));

/** A whole number up to `most`, 0 of nothing; null: it is none. */
function numberOf(text: string, most: number): number | null {
  const given = text.trim().replace(/^\//u, '');
  if (given === '') return 0;
  return /^\d{1,4}$/u.test(given) && Number(given) >= 1 && Number(given) <= most ? Number(given) : null;
}

export function SuggestForm({
  limits,
  change,
  isBusy,
}: {
  readonly limits: SuggestLimits;
  readonly change: (limits: SuggestLimits) => void;
  readonly isBusy: boolean;
}): ReactNode {
  const [texts, setTexts] = useState({
    limit: shown(limits.limit),
    widen4: shown(limits.widen4),
    widen6: shown(limits.widen6),
  });
  const read = {
    limit: numberOf(texts.limit, 9999),
    widen4: numberOf(texts.widen4, 32),
    widen6: numberOf(texts.widen6, 128),
  };
  const lacks4 = read.widen4 === 0 && read.widen6 !== null && read.widen6 > 0;
  const { limit, widen4, widen6 } = read;
  const ask = (): void => {
    if (limit !== null && widen4 !== null && widen6 !== null && !lacks4) change({ limit, widen4, widen6 });
  };
  const field = (name: keyof typeof texts, label: string, placeholder: string, error: string): ReactNode => (
    <FormField label={label} errorText={read[name] === null ? error : undefined}>
      <Input
        value={texts[name]}
        placeholder={placeholder}
        inputMode="numeric"
        onChange={({ detail }) => setTexts({ ...texts, [name]: detail.value })}
      />
    </FormField>
  );
  return (
    <Container>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={3}>
            {field('limit', 'Rules for a direction', USUAL_LIMIT, 'Give a whole number up to 9999.')}
            {field('widen4', 'Widen IPv4 to at most /', 'not widened', 'Give a length from 1 to 32.')}
            <FormField
              label="Widen IPv6 to at most /"
              errorText={
                read.widen6 === null
                  ? 'Give a length from 1 to 128.'
                  : lacks4
                    ? 'Give a length for IPv4 too: 32 widens none of it.'
                    : undefined
              }
            >
              <Input
                value={texts.widen6}
                placeholder="goes by IPv4's"
                inputMode="numeric"
                onChange={({ detail }) => setTexts({ ...texts, widen6: detail.value })}
              />
            </FormField>
          </ColumnLayout>
          <div className="bar">
            <Box color="text-body-secondary">Blocks are widened only where there is no room for exact rules.</Box>
            <Button formAction="submit" disabled={isBusy}>
              Suggest again
            </Button>
          </div>
        </SpaceBetween>
      </form>
    </Container>
  );
}
