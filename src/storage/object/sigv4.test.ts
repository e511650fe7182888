import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuery, canonicalRequest, sha256, signatureOf, signingKey } from './sigv4.ts';

/** AWS's published vectors, suite of 2015: method, query, and the signature. */
const VECTORS: readonly (readonly [name: string, method: string, query: [string, string][], signature: string])[] = [
  ['get-vanilla', 'GET', [], '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', [], '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    [
      ['Param2', 'value2'],
      ['Param1', 'value1'],
    ],
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
];

for (const [name, method, query, signature] of VECTORS) {
  test(`${name} of AWS’s published vectors has its signature`, () => {
    const time = '20150830T123600Z';
    const canonical = canonicalRequest({
      method,
      path: '/',
      query: canonicalQuery(query),
      headers: [
        ['host', 'example.amazonaws.com'],
        ['x-amz-date', time],
      ],
      bodyHash: sha256(''),
    });
    const scope = { day: '20150830', region: 'us-east-1', service: 'service' };
    assert.equal(
      signatureOf(signingKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope), scope, time, canonical),
      signature,
    );
  });
}
