import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CutList, cutJson } from './cut-json.ts';

const LISTS = new Set(['a', 'b', 'c\n"']);

/** What a text is when it was cut and all of its items are parsed; the error where it is no JSON. */
function whole(text: string): unknown {
  try {
    const json = cutJson('model.json', new TextEncoder().encode(text), LISTS);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
    return Object.fromEntries(
      Object.entries(json).map(([key, value]: [string, unknown]) => [
        key,
        value instanceof CutList ? [...value] : value,
      ]),
    );
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'FG_MODEL_NOT_JSON', String(error));
    return error.message;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const item = fc.jsonValue({ maxDepth: 3 });
const object = fc.dictionary(fc.string(), item, { noNullPrototype: true, maxKeys: 4 });
const model = fc.dictionary(
  fc.oneof(fc.constantFrom(...LISTS), fc.string(), fc.constant('__proto__')),
  fc.oneof({ weight: 4, arbitrary: fc.array(object, { maxLength: 4 }) }, fc.array(item, { maxLength: 3 }), item),
  { noNullPrototype: true, maxKeys: 5 },
);
/** As some tools write it: indented, and all but ASCII escaped or not. */
const text = fc.tuple(model, fc.constantFrom('', '  ', '\t'), fc.boolean()).map(([value, indent, isEscaped]) => {
  const json = JSON.stringify(value, null, indent);
  if (!isEscaped) return json;
  return json.replaceAll(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
});

test('a text that is cut means the same as one that is parsed at once', () => {
  fc.assert(
    fc.property(text, (json) =>
      assert.deepEqual(whole(json), JSON.parse(new TextDecoder().decode(new TextEncoder().encode(json)))),
    ),
  );
});

test('a text that is no JSON is refused, and no other', () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat({ max: 2 }),
    fc.constantFrom(...'{ } [ ] " , : \\ 1 n t f x'.split(' '), ' ', '\n'),
  );
  fc.assert(
    fc.property(text, fc.array(edit, { minLength: 1, maxLength: 3 }), (json, edits) => {
      const broken = edits.reduce((before, [at, removed, added]) => {
        const place = at % (before.length + 1);
        return before.slice(0, place) + added + before.slice(place + removed);
      }, json);
      const plain = new TextDecoder().decode(new TextEncoder().encode(broken));
      const expected = parsed(plain);
      const found = whole(plain);
      if (expected === null && plain.trim() !== 'null')
        assert.match(String(found), /^the model file model\.json is not JSON/);
      else assert.deepEqual(found, expected);
    }),
    { numRuns: 2000 },
  );
});

test('items of a long list are cut, those of others are not', () => {
  const json = cutJson('model.json', new TextEncoder().encode(' {"a": [{"x": "]}"}, {}], "d": [{}]} '), LISTS);
  const { a, d } = json as { a: CutList; d: unknown };
  assert.ok(a instanceof CutList);
  assert.deepEqual([...a], [{ x: ']}' }, {}]);
  assert.deepEqual(d, [{}]);
});
