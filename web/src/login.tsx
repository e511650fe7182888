/**
 * The page where nobody is logged in: an access key, or the way to a link that needs none.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { ConsoleSession } from '../../src/api/console.ts';
import { logIn } from './api-client.ts';

/** @param why  what led here, where it was not that somebody came for the first time */
export function Login({
  why,
  done,
}: {
  readonly why: string | null;
  readonly done: (session: ConsoleSession) => void;
}): ReactNode {
  const [accessKeyId, setAccessKeyId] = useState('');
  const [secretAccessKey, setSecret] = useState('');
  const [error, setError] = useState(why);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    logIn({ accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() }).then(
      done,
      (failed: unknown) => {
        setBusy(false);
        setError(failed instanceof Error ? failed.message : String(failed));
      },
    );
  };
  return (
    <main className="login">
      <form onSubmit={submit}>
        <Form
          actions={
            <Button variant="primary" loading={busy} formAction="submit">
              Log in
            </Button>
          }
        >
          <Container header={<Header variant="h1">Log in to flowgauge</Header>}>
            <SpaceBetween size="l">
              {error !== null && <Alert type="warning">{error}</Alert>}
              <Box variant="p">
                Run <Box variant="code">flowgauge console</Box> on the machine that runs{' '}
                <Box variant="code">flowgauge up</Box>: it prints a link that logs you in. Or give an access key.
              </Box>
              <FormField label="Access key ID">
                <Input
                  value={accessKeyId}
                  onChange={({ detail }) => setAccessKeyId(detail.value)}
                  name="accessKeyId"
                  autoComplete="username"
                  spellcheck={false}
                />
              </FormField>
              <FormField label="Secret access key">
                <Input
                  value={secretAccessKey}
                  onChange={({ detail }) => setSecret(detail.value)}
                  type="password"
                  name="secretAccessKey"
                  autoComplete="current-password"
                />
              </FormField>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </main>
  );
}
