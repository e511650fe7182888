/**
 * Takes secrets out of what is written to a log.
 *
 * In:    a text, or a value of JSON. Out: the same with `[redacted]` for each secret.
 * Holds: by name: what is called a password, secret, token, signature or authorization, as a field, a parameter of a URL
 *        or `name=value` in a text. By shape: secret keys and session tokens of AWS, passwords in URLs, credentials of a header,
 *        private keys. Twice is once: what was redacted stays as it is. Access key ids and checksums stay: they are no secrets.
 * Fails: never; a text is cut at 16,384 characters first, so that no text takes long.
 */

const GONE = '[redacted]';
const MOST_CHARACTERS = 16_384;

/** How names of secrets end; what stands before it is not looked at, or long words would take long. */
const NAMES =
  '(?:passw(?:or)?d|passphrase|secret|token|signature|authorization|credentials?|(?:api|private|access)[_-]?key)';
const SECRET_NAME = new RegExp(`${NAMES}$`, 'iu');

/** In order: what names a secret first, then what looks like one. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*(?:-----END \1-----)?/gu, GONE],
  // The rest of the line: what a scheme's credentials look like is its own affair.
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*)[^\r\n]+/giu, `$1${GONE}`],
  [
    /\b(AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256|Bearer|Basic|Digest)(\s+)[A-Za-z0-9+/=._~,:%* \t-]{8,}/gu,
    `$1$2${GONE}`,
  ],
  // A password may hold all but what ends it: an @ in it too, so up to the last one before the path.
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@?#]*:)[^\s/?#]+(?=@)/giu, `$1${GONE}`],
  // AWS says `ExpiredToken: The provided token has expired`: a sentence is no secret.
  [
    new RegExp(`(${NAMES}["']?\\s{0,4}[=:]\\s{0,4}["']?)(?!\\[redacted\\]|(?:the|your|an?) )[^\\s"'&,;}<>]+`, 'giu'),
    `$1${GONE}`,
  ],
  // 40 characters of base64 that are no SHA-1: hexadecimal has one case only.
  [/(?<![A-Za-z0-9+/=])(?=[^A-Z]{0,39}[A-Z])(?=[^a-z]{0,39}[a-z])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/gu, GONE],
  [/(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{100,}={0,2}/gu, GONE],
];

/** A text without its secrets. */
export function redacted(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return SHAPES.reduce((known, [shape, instead]) => known.replace(shape, instead), cut);
}

/** A value of JSON without its secrets. */
export function redactedValue(value: unknown, name: string = ''): unknown {
  if (value === null || value === undefined) return value;
  if (SECRET_NAME.test(name)) return GONE;
  if (typeof value === 'string') return redacted(value);
  if (Array.isArray(value)) return value.map((each) => redactedValue(each));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactedValue(each, key)]));
  return value;
}
