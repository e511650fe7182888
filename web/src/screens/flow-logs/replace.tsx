/**
 * Replaces a flow log by a successor: another format, interval, traffic or destination.
 */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { FlowLogRow, ReplaceFlowLogAnswer, ReplaceFlowLogBody } from '../../../../src/api/flow-logs.ts';
import type { FormatFields } from '../../../../src/api/formats.ts';
import { useFlash } from '../../flash.tsx';
import { timeTextUtc } from '../../format.ts';
import { useCall } from '../../use-call.ts';
import { FormatBuilder } from './format-builder.tsx';
import { IntervalField, TrafficField } from './record-fields.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useFormat } from './use-format.ts';

export default function Replace({
  flowLog,
  done,
}: {
  readonly flowLog: FlowLogRow;
  readonly done: (successor?: string) => void;
}): ReactNode {
  const known = useCall<FormatFields>('/api/fields').last;
  const [format, setFormat] = useState(flowLog.format);
  const [traffic, setTraffic] = useState(flowLog.traffic ?? 'ALL');
  const [interval, setInterval] = useState<60 | 600>(flowLog.intervalSeconds === 60 ? 60 : 600);
  const [place, setPlace] = useState(flowLog.destination.place);
  const [fileFormat, setFileFormat] = useState(flowLog.destination.fileFormat);
  const seen = useFormat(format);
  const flash = useFlash();
  const { isBusy, error, run } = useDoing();
  const body: ReplaceFlowLogBody = {
    ...(format === flowLog.format ? {} : { format }),
    ...(traffic === flowLog.traffic ? {} : { traffic }),
    ...(interval === flowLog.intervalSeconds ? {} : { intervalSeconds: interval }),
    ...(place === flowLog.destination.place ? {} : { destination: place.trim() }),
    ...(fileFormat === null || fileFormat === flowLog.destination.fileFormat ? {} : { fileFormat }),
  };
  const different = Object.keys(body).length;
  const isWrong = (seen.answer?.problem ?? null) !== null && seen.isCurrent;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run<ReplaceFlowLogAnswer>(
      'POST',
      `/api/replace-flow-log/${encodeURIComponent(flowLog.id)}`,
      body,
      ({ replaced, successor, atSeconds }) => {
        flash({
          type: 'success',
          text: `${successor} takes over from ${replaced} at ${timeTextUtc(atSeconds)}. Until then both are listed.`,
        });
        done(successor);
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Form
        errorText={error?.message}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={() => done()}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={isBusy}
              disabled={different === 0 || isWrong}
              disabledReason={isWrong ? 'The log format has a problem.' : 'Nothing is different yet.'}
            >
              Replace
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Alert type="info" header="When it takes over">
            At the next end of a window of both that is at least ten seconds away
            {interval === 600 || flowLog.intervalSeconds === 600
              ? ', within about ten minutes'
              : ', within about a minute'}
            . Until then {flowLog.name ?? flowLog.id} records on; its successor is listed with the time at which it
            begins. Resource and tags stay. The destination is not asked beforehand: records that it does not take wait
            here.
          </Alert>
          <Container header={<Header variant="h2">What is recorded</Header>}>
            <SpaceBetween size="l">
              <TrafficField traffic={traffic} change={setTraffic} />
              <IntervalField interval={interval} change={setInterval} />
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Destination</Header>}>
            <SpaceBetween size="l">
              <FormField
                label="Destination"
                description="ARN of a bucket with its prefix, of a log group or of a delivery stream."
                stretch
              >
                <Input value={place} spellcheck={false} onChange={({ detail }) => setPlace(detail.value)} />
              </FormField>
              {fileFormat !== null && (
                <FormField label="File format">
                  <RadioGroup
                    value={fileFormat}
                    items={[
                      { value: 'plain-text', label: 'Text, gzip' },
                      { value: 'parquet', label: 'Parquet' },
                    ]}
                    onChange={({ detail }) => setFileFormat(detail.value as 'plain-text' | 'parquet')}
                  />
                </FormField>
              )}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Log format</Header>}>
            {known !== null && <FormatBuilder text={format} seen={seen} known={known} change={setFormat} />}
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
