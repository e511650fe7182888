/**
 * Text for a machine, with a button that copies it; and a change as the tools of three trades take it.
 */
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Tabs from '@cloudscape-design/components/tabs';
import type { ReactNode } from 'react';

export function CodeText({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <div className="code-text">
      <div className="code-text-copy">
        <CopyToClipboard
          copyButtonText="Copy"
          copyButtonAriaLabel={`Copy ${label}`}
          copySuccessText="Copied"
          copyErrorText="The browser did not allow to copy"
          textToCopy={text}
        />
      </div>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}

export type WrittenForTools = { readonly awsCli: string; readonly terraform: string; readonly json: string };

export function WrittenChange({
  written,
  label,
}: {
  readonly written: WrittenForTools;
  readonly label: string;
}): ReactNode {
  return (
    <Tabs
      ariaLabel={label}
      tabs={[
        { id: 'aws-cli', label: 'aws-cli', content: <CodeText text={written.awsCli} label="Commands of aws-cli" /> },
        { id: 'terraform', label: 'Terraform', content: <CodeText text={written.terraform} label="Terraform" /> },
        {
          id: 'json',
          label: 'JSON',
          content: <CodeText text={written.json} label="JSON for flowgauge replay --change" />,
        },
      ]}
    />
  );
}
