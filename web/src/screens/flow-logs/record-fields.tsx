/**
 * Which traffic is recorded, and how long its windows are.
 */
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import type { ReactNode } from 'react';
import type { Draft } from './draft.ts';

export function TrafficField({
  traffic,
  change,
}: {
  readonly traffic: Draft['traffic'];
  readonly change: (traffic: Draft['traffic']) => void;
}): ReactNode {
  return (
    <FormField label="Traffic">
      <RadioGroup
        value={traffic}
        items={[
          { value: 'ALL', label: 'All', description: 'What groups and ACLs let through, and what they reject.' },
          { value: 'ACCEPT', label: 'Accepted', description: 'Only what is let through.' },
          { value: 'REJECT', label: 'Rejected', description: 'Only what is rejected.' },
        ]}
        onChange={({ detail }) => change(detail.value as Draft['traffic'])}
      />
    </FormField>
  );
}

export function IntervalField({
  interval,
  change,
}: {
  readonly interval: Draft['intervalSeconds'];
  readonly change: (interval: Draft['intervalSeconds']) => void;
}): ReactNode {
  return (
    <FormField label="Maximum aggregation interval">
      <RadioGroup
        value={String(interval)}
        items={[
          { value: '60', label: '1 minute', description: 'Records come sooner, and are more.' },
          {
            value: '600',
            label: '10 minutes',
            description: 'Fewer records. Interfaces of instances on Nitro have windows of a minute whatever is asked.',
          },
        ]}
        onChange={({ detail }) => change(detail.value === '60' ? 60 : 600)}
      />
    </FormField>
  );
}
