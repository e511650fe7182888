/**
 * A pretended AWS for tests: answers by action, and what was asked.
 *
 * In:    an answer for each action. Out: a `fetch`.
 */

/** What was asked: the parameters, and the host. */
export type Asked = { readonly host: string; readonly parameters: Readonly<Record<string, string>> };
/** The body of an answer, or its status and body. */
type Reply = string | { readonly status: number; readonly body: string } | Error;

/** Answers with what `answers` has for an action; functions see the parameters and how often it was asked before. */
export function pretendedAws(
  answers: Readonly<Record<string, Reply | ((asked: Asked['parameters'], before: number) => Reply)>>,
): { readonly fetch: typeof fetch; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(init?.headers);
      const target = headers.get('x-amz-target');
      const body = typeof init?.body === 'string' ? init.body : '';
      const parameters: Record<string, string> =
        target === null
          ? Object.fromEntries(new URLSearchParams(body))
          : { ...(JSON.parse(body) as Record<string, string>), Action: target.split('.')[1] ?? '' };
      const action = parameters['Action'] ?? '';
      const before = asked.filter((one) => one.parameters['Action'] === action).length;
      asked.push({ host: url.host, parameters });
      const answer = answers[action] ?? answers['*'] ?? `<${action}Response/>`;
      const reply = typeof answer === 'function' ? answer(parameters, before) : answer;
      if (reply instanceof Error) return Promise.reject(reply);
      if (typeof reply === 'string') return Promise.resolve(new Response(target === null ? reply : reply || '{}'));
      return Promise.resolve(new Response(reply.body, { status: reply.status }));
    },
  };
}

/** EC2's way to say no. */
export function refusal(code: string, status = 400): { readonly status: number; readonly body: string } {
  return {
    status,
    body: `<Response><Errors><Error><Code>${code}</Code><Message>because</Message></Error></Errors></Response>`,
  };
}
