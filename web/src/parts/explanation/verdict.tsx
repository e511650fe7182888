/**
 * What comes of it, and how sure that is, in one sentence each.
 */
import Alert from '@cloudscape-design/components/alert';
import type { AlertProps } from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import type { End, Explanation, Outcome } from '../../../../src/api/explanation.ts';
import { timeTextUtc } from '../../format.ts';
import { CERTAINTY_NAMES, CERTAINTY_WORDS, OUTCOME_WORDS, verdictText } from '../../words/explanation.ts';
import type { Names } from '../network.ts';

const TYPES: Readonly<Record<Outcome, AlertProps.Type>> = {
  allowed: 'success',
  blocked: 'error',
  unanswered: 'warning',
  'not-logged': 'info',
  unknown: 'info',
};

export function Verdict({
  explanation,
  names,
}: {
  readonly explanation: Explanation;
  readonly names: Names;
}): ReactNode {
  const { outcome, certainty, question, atMicros } = explanation;
  const { protocol, port } = question;
  const what = `${protocol}${port === null ? '' : ` ${port}`} from ${endText(question.from, names)} to ${endText(question.to, names)}`;
  return (
    <Alert
      type={TYPES[outcome]}
      header={`${OUTCOME_WORDS[outcome]}: ${what}`}
      statusIconAriaLabel={OUTCOME_WORDS[outcome]}
    >
      <div className="breaks-anywhere">{verdictText(explanation)}</div>
      <Box variant="small" color="text-body-secondary">
        {CERTAINTY_NAMES[certainty]}: {CERTAINTY_WORDS[certainty]}
        {atMicros > 0 && ` The network as of ${timeTextUtc(atMicros / 1e6)}.`}
      </Box>
    </Alert>
  );
}

const FEW = 3;

function endText({ text, addresses, interfaceIds }: End, names: Names): string {
  const name = names.get(text) ?? interfaceIds.map((id) => names.get(id)).find((one) => one !== undefined);
  const more = [...addresses, ...interfaceIds].filter((one) => one !== text && !text.startsWith(`${one}:`));
  const all = [...(name === undefined ? [] : [name]), ...more];
  if (all.length === 0) return text;
  return `${text} (${all.length > FEW ? `${all.slice(0, FEW).join(', ')}, …` : all.join(', ')})`;
}
