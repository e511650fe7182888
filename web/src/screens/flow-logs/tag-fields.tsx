/**
 * Tags: pairs of key and value that can be added, changed and taken away.
 */
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import type { ReactNode } from 'react';
import type { Draft } from './draft.ts';

type Tags = Draft['tags'];

/** As on AWS. */
const MOST = 50;

export function TagFields({ tags, change }: { readonly tags: Tags; readonly change: (tags: Tags) => void }): ReactNode {
  const put = (at: number, more: Partial<Tags[number]>): void =>
    change(tags.map((tag, i) => (i === at ? { ...tag, ...more } : tag)));
  return (
    <AttributeEditor
      items={tags}
      addButtonText="Add a tag"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ key }) => `Remove the tag ${key}`}
      empty="No tags. A tag Name is what it is called here."
      disableAddButton={tags.length >= MOST}
      additionalInfo={tags.length >= MOST ? `A flow log has at most ${MOST} tags.` : undefined}
      onAddButtonClick={() => change([...tags, { key: tags.length === 0 ? 'Name' : '', value: '' }])}
      onRemoveButtonClick={({ detail }) => change(tags.filter((_, i) => i !== detail.itemIndex))}
      definition={[
        {
          label: 'Key',
          control: ({ key }, i) => (
            <Input
              value={key}
              ariaLabel={`Key of tag ${i + 1}`}
              onChange={({ detail }) => put(i, { key: detail.value })}
            />
          ),
        },
        {
          label: 'Value',
          control: ({ value }, i) => (
            <Input
              value={value}
              ariaLabel={`Value of tag ${i + 1}`}
              onChange={({ detail }) => put(i, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}
