/**
 * An error of the server, as every screen shows it: its words, its code, a way to try again.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import type { ReactNode } from 'react';
import type { CallFailed } from '../api-client.ts';

export function Failure({ error, again }: { readonly error: CallFailed; readonly again?: () => void }): ReactNode {
  return (
    <Alert
      type="error"
      header={error.status === 0 ? 'No answer' : 'This could not be answered'}
      action={again === undefined ? undefined : <Button onClick={again}>Try again</Button>}
    >
      <SpaceForLongWords>{error.message}</SpaceForLongWords>
      <Box variant="small" color="text-body-secondary">
        {error.code}
      </Box>
    </Alert>
  );
}

function SpaceForLongWords({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="breaks-anywhere">{children}</div>;
}
