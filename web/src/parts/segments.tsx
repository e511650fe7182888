/**
 * A few words of which one is chosen, with their label above; where there is no room for them a list to choose from.
 *
 * In:    as Cloudscape's SegmentedControl. Holds: the label is there once, in both forms; the control by itself would show it again.
 */
import FormField from '@cloudscape-design/components/form-field';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { SegmentedControlProps } from '@cloudscape-design/components/segmented-control';
import { useId } from 'react';
import type { ReactNode } from 'react';

export function Segments({
  label,
  ...control
}: Omit<SegmentedControlProps, 'label' | 'ariaLabelledby'> & { readonly label: string }): ReactNode {
  const id = useId();
  return (
    <FormField label={<span id={id}>{label}</span>}>
      <SegmentedControl {...control} ariaLabelledby={id} />
    </FormField>
  );
}
