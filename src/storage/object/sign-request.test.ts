import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { Sha256 } from './sha256.fixture.ts';
import { signedHeaders } from './sign-request.ts';

test('a signature is the one that AWS’s library makes', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '/', '+', '='), minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      word,
      word,
      fc.option(word, { nil: undefined }),
      fc.string(),
      fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
      fc.constantFrom('GET', 'POST', 'PUT'),
      fc.constantFrom('/', '/index-*/_doc/a%2Fb%25', '/_bulk'),
      fc.dictionary(word, word, { maxKeys: 3 }),
      async (accessKeyId, secretAccessKey, sessionToken, body, now, method, path, query) => {
        const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const request = {
          host: 'ec2.eu-west-1.amazonaws.com',
          method,
          path,
          query: Object.entries(query),
          headers: { 'content-type': 'text/plain' },
          body,
        };
        const ours = signedHeaders(request, keys, 'eu-west-1', 'ec2', now);
        const signer = new SignatureV4({
          credentials: keys,
          region: 'eu-west-1',
          service: 'ec2',
          sha256: Sha256,
          applyChecksum: false,
        });
        const theirs = await signer.sign(
          {
            method,
            protocol: 'https:',
            hostname: request.host,
            path,
            query,
            headers: { host: request.host, 'content-type': 'text/plain' },
            body,
          },
          { signingDate: now },
        );
        assert.equal(ours['authorization'], theirs.headers['authorization']);
        assert.equal(ours['x-amz-date'], theirs.headers['x-amz-date']);
      },
    ),
    { numRuns: 50 },
  );
});
