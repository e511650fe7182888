/**
 * Suppresses a finding for a while, and what is like it.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { aboutOf } from '../../../../src/api/finding-subject.ts';
import type { SuppressedAnswer, SuppressRequest } from '../../../../src/api/findings-routes.ts';
import type { KeptFinding } from '../../../../src/api/findings.ts';
import { useFlash } from '../../flash.tsx';
import { timeTextUtc } from '../../format.ts';
import { useDoing } from '../../parts/use-doing.ts';

const HOUR = 3600;
const LENGTHS = [
  { value: String(12 * HOUR), label: '12 hours' },
  { value: String(24 * HOUR), label: '1 day' },
  { value: String(7 * 24 * HOUR), label: '7 days' },
  { value: String(30 * 24 * HOUR), label: '30 days' },
  { value: String(90 * 24 * HOUR), label: '90 days' },
  { value: String(365 * 24 * HOUR), label: '1 year' },
];
const USUAL = LENGTHS[3]!;

/** What can be suppressed: the finding's own subject, what names one of its ends, all of the detection. */
function choicesOf(
  finding: KeptFinding,
): readonly { readonly value: string; readonly label: string; readonly of: SuppressRequest['of'] }[] {
  const { detection, subject } = finding;
  const named = [subject.client, subject.server, subject.interfaceId, subject.ruleId].filter((one) => one !== null);
  return [
    {
      value: 'finding',
      label: `${detection} about ${aboutOf(finding)}, on every day`,
      of: { kind: 'finding', id: finding.id },
    },
    ...[...new Set(named)].map((one) => ({
      value: `subject ${one}`,
      label: `${detection} about anything of ${one}`,
      of: { kind: 'detection', detection, subject: one } as const,
    })),
    { value: 'all', label: `All of ${detection}`, of: { kind: 'detection', detection, subject: null } },
  ];
}

export default function Suppress({
  finding,
  done,
}: {
  readonly finding: KeptFinding;
  readonly done: (isDone: boolean) => void;
}): ReactNode {
  const choices = choicesOf(finding);
  const [what, setWhat] = useState('finding');
  const [length, setLength] = useState(USUAL);
  const [reason, setReason] = useState('');
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const send = (event?: FormEvent): void => {
    event?.preventDefault();
    const of = choices.find(({ value }) => value === what)?.of;
    if (of === undefined || isBusy) return;
    const body: SuppressRequest = { of, forSeconds: Number(length.value), reason: reason === '' ? null : reason };
    run<SuppressedAnswer>('POST', '/api/suppressions', body, ({ suppression }) => {
      flash({ type: 'success', text: `Suppressed until ${timeTextUtc(suppression.expiresSeconds)}.` });
      done(true);
    });
  };
  return (
    <Modal
      visible
      header="Suppress findings"
      onDismiss={() => done(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => done(false)}>
              Cancel
            </Button>
            <Button variant="primary" loading={isBusy} onClick={() => send()}>
              Suppress
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={send}>
        <SpaceBetween size="m">
          {error !== null && <Alert type="error">{error.message}</Alert>}
          <Box>
            What is suppressed is still found and kept, and nobody is told. It ends by itself; what goes on then is told
            again.
          </Box>
          <FormField label="What">
            <RadioGroup
              value={what}
              items={choices.map(({ value, label }) => ({
                value,
                label: <span className="breaks-anywhere">{label}</span>,
              }))}
              onChange={({ detail }) => setWhat(detail.value)}
            />
          </FormField>
          <FormField label="For how long">
            <Select
              selectedOption={length}
              options={LENGTHS}
              onChange={({ detail }) => setLength(LENGTHS.find(({ value }) => value === detail.selectedOption.value)!)}
            />
          </FormField>
          <FormField
            label={
              <>
                Why <i>- optional</i>
              </>
            }
            description="For whoever lists suppressions."
          >
            <Input
              value={reason}
              placeholder="our own scanner"
              onChange={({ detail }) => setReason(detail.value.slice(0, 500))}
            />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
