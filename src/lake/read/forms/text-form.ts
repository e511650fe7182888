/**
 * What the lines of a text are, and of which format their records.
 *
 * In:    the first plain bytes of a file. Out: its form and format, or why it is no flow log; and its bytes as record lines.
 * Holds: the first bytes decide, never a name. A header says the format; else it is the one that was given; else the one
 *        that the first lines can only have. Lines are passed on byte for byte where nothing is around the records.
 * Fails: never; a text that is broken further down is told by whoever reads its lines.
 */
import { isPcap } from '../../../collect/capture/decode/pcap.ts';
import { isPcapng } from '../../../collect/capture/decode/pcapng.ts';
import { headerLine, isHeader, readHeader } from '../../../record/format.ts';
import type { LogFormat } from '../../../record/format.ts';
import { JsonMessages } from './json-messages.ts';
import { recogniseFormat } from './known-formats.ts';
import { ownLines } from './own-lines.ts';
import {
  CSV_HEADER,
  RewrittenLines,
  TabbedRecords,
  eventOfText,
  messageOfCsv,
  withoutStamp,
} from './rewritten-lines.ts';

/**
 * `lines`: records, with or without header. `stamped`: behind a time, as exports of CloudWatch Logs have them; `tail`: behind
 * a time and a stream's name. `json`, `csv`, `events`, `tabs`: what Firehose, subscriptions, the console and the AWS command line write.
 */
export type TextForm = 'lines' | 'stamped' | 'tail' | 'json' | 'csv' | 'events' | 'tabs';

export type TextLook = {
  readonly form: TextForm;
  /** Null: no flow log, or nothing in it. */
  readonly format: LogFormat | null;
  /** The file's own header line, or the one that its records would have; null where there is no format. */
  readonly header: string | null;
  /** The format was recognised: neither a header nor anybody said it. */
  readonly headerless: boolean;
  /** Why there is no format; null where the text is empty. */
  readonly problem: string | null;
  /** The text is something else than a flow log, as far as can be seen. */
  readonly isOther: boolean;
};

/** Lines that are looked at. */
const LINES = 100;
/** A first line with more is not looked at further: no record has as much. */
export const LONGEST_FIRST_LINE = 65_536;
const LF = 10;

/** Makes record lines of the pieces of a text. */
type Converter = { push(piece: Uint8Array): Uint8Array; end(): Uint8Array };

const CONVERTERS: Readonly<Record<Exclude<TextForm, 'lines'>, () => Converter>> = {
  stamped: () => new RewrittenLines(withoutStamp(1)),
  tail: () => new RewrittenLines(withoutStamp(2)),
  json: () => new JsonMessages(),
  csv: () => new RewrittenLines(messageOfCsv),
  events: () => new RewrittenLines(eventOfText),
  tabs: () => new TabbedRecords(),
};

/** Lines of records, a newline behind each; those under another header than the file's first are none any more. */
export function recordLines(
  { form, header }: Pick<TextLook, 'form' | 'header'>,
  plain: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const lines = form === 'lines' ? plain : converted(form, plain);
  return header === null ? lines : ownLines(header, lines);
}

async function* converted(
  form: Exclude<TextForm, 'lines'>,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const converter = CONVERTERS[form]();
  // A mark may be cut in two.
  let begin: Uint8Array | null = new Uint8Array();
  for await (const piece of plain) {
    let next = piece;
    if (begin !== null) {
      begin = begin.length === 0 ? piece.slice() : Buffer.concat([begin, piece]);
      if (begin.length < MARK_BYTES) continue;
      next = withoutMark(begin);
      begin = null;
    }
    const lines = converter.push(next);
    if (lines.length > 0) yield lines;
  }
  if (begin !== null) yield converter.push(begin);
  const last = converter.end();
  if (last.length > 0) yield last;
}

const MARK_BYTES = 3;

/** Without a byte order mark, which a piece may begin with. */
function withoutMark(piece: Uint8Array): Uint8Array {
  return piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? piece.subarray(3) : piece;
}

/**
 * Looks at a text.
 *
 * @param begin  its first plain bytes
 * @param isAll  nothing comes behind them, or nothing that would be waited for
 * @param given  format of text without header
 * @returns null where more of it must be seen
 */
export function lookAtText(begin: Uint8Array, isAll: boolean, given: LogFormat | null): TextLook | null {
  const other = otherKind(begin);
  if (other !== null)
    return { form: 'lines', format: null, header: null, headerless: false, problem: other, isOther: true };
  const plain = withoutMark(begin);
  const first = firstLine(plain, isAll);
  if (first === null) {
    // JSON may have no newline at all.
    if (!isJson(plain)) return isAll ? NOTHING : null;
  } else {
    const known = headers.get(first) ?? (isHeader(first) ? lookAtHeader(first) : null);
    if (known !== null) return known;
  }
  const forms = isJson(plain) ? (['json'] as const) : formsOf(first ?? '');
  const looks = forms.flatMap((form) => lookAtRecords(form, linesOf(form, plain, isAll), given) ?? []);
  // Lines further on may tell more.
  return looks.find(({ format }) => format !== null) ?? (isAll ? (looks[0] ?? NO_MESSAGE) : null);
}

/** Of a text with nothing in it. */
export const NOTHING: TextLook = {
  form: 'lines',
  format: null,
  header: null,
  headerless: false,
  problem: null,
  isOther: false,
};
const NO_MESSAGE: TextLook = { ...NOTHING, problem: 'it has no message of a flow log', isOther: true };

/** Words for a file that is no text of UTF-8. */
function otherKind(begin: Uint8Array): string | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = begin;
  if (isPcap(b0, b1, b2, b3) || isPcapng(b0, b1, b2, b3)) {
    return 'it is a capture of packets, of which `flowgauge capture -r FILE` makes flow logs';
  }
  if ((b0 === 0xff && b1 === 0xfe) || (b0 === 0xfe && b1 === 0xff)) {
    return 'it is UTF-16 text, as PowerShell writes it; make it UTF-8, as with `iconv -f UTF-16 -t UTF-8`';
  }
  if (b0 === 80 && b1 === 65 && b2 === 82 && b3 === 49) {
    return 'it is Parquet in a packing or from a pipe, of which only plain files are read';
  }
  return null;
}

function isJson(plain: Uint8Array): boolean {
  const first = plain.find((byte) => byte > 32);
  return first === 123 || first === 91 || first === 34;
}

/** Forms that a first line may have, the likelier first. */
function formsOf(line: string): readonly TextForm[] {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* /.test(line)) return ['stamped', 'tail'];
  if (CSV_HEADER.test(line) || /^\d{13},/.test(line)) return ['csv'];
  if (/^EVENTS\t|^[bf]\/\S+\t[bf]\//.test(line)) return ['events'];
  return line.includes('\t') ? ['tabs'] : ['lines'];
}

/** Headers that were met: most files have one of few, and share its format. */
const headers = new Map<string, TextLook>();
const MOST_HEADERS = 64;

function lookAtHeader(line: string): TextLook {
  try {
    const look = { ...NOTHING, format: readHeader(line), header: line };
    if (headers.size < MOST_HEADERS) headers.set(line, look);
    return look;
  } catch (error) {
    return { ...NOTHING, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The first lines of records; the last, which may be cut, is not among them. */
function linesOf(form: TextForm, plain: Uint8Array, isAll: boolean): string[] {
  const converter = form === 'lines' ? null : CONVERTERS[form]();
  let bytes = converter === null ? plain : converter.push(plain).slice();
  if (isAll && converter !== null) bytes = Buffer.concat([bytes, converter.end()]);
  const whole = isAll ? bytes : bytes.subarray(0, bytes.lastIndexOf(LF) + 1);
  const lines: string[] = [];
  for (let at = 0; at < whole.length && lines.length < LINES;) {
    const found = whole.indexOf(LF, at);
    const end = found < 0 ? whole.length : found;
    const line = decoder.decode(whole.subarray(at, Math.min(end, at + LONGEST_FIRST_LINE))).replace(/\r$/, '');
    if (line !== '') lines.push(line);
    at = end + 1;
  }
  return lines;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The first line that is not empty; null where it is not whole. */
function firstLine(plain: Uint8Array, isAll: boolean): string | null {
  let from = 0;
  while (plain[from] === LF || plain[from] === 13) from++;
  const end = plain.indexOf(LF, from);
  if (end < 0 && (!isAll || from === plain.length)) return null;
  const line = plain.subarray(from, Math.min(end < 0 ? plain.length : end, from + LONGEST_FIRST_LINE));
  return decoder.decode(line).replace(/\r$/, '');
}

/** Null where there is no line yet. */
function lookAtRecords(form: TextForm, lines: readonly string[], given: LogFormat | null): TextLook | null {
  const [first] = lines;
  if (first === undefined) return null;
  // Messages may begin with a header line, as somebody sent a file on.
  if (isHeader(first)) return { ...lookAtHeader(first), form };
  if (given !== null) {
    const fitting = lines.filter((line) => line.split(' ').length === given.fields.length).length;
    // A time, or a stream's name besides, stands before the record: the format tells which.
    if (form === 'stamped' && fitting * 2 <= lines.length) return null;
    return { ...NOTHING, form, format: given, header: headerLine(given) };
  }
  const found = recogniseFormat(lines);
  const { format } = found;
  if (format !== null) return { ...NOTHING, form, format, header: headerLine(format), headerless: true };
  return { ...NOTHING, form, problem: whyNone(found), isOther: !found.isRecord };
}

function whyNone(found: Extract<ReturnType<typeof recogniseFormat>, { format: null }>): string {
  if (!found.isRecord) return 'its first line is no header, and no record of a known format follows';
  const which = found.fitting > 1 ? `${found.fitting} known formats would fit` : 'which no known format fits';
  return (
    `its records have ${found.fields} fields and no header, ${which}; ` +
    "give it, as --format '${version} ${account-id} …': `aws ec2 describe-flow-logs` shows it as LogFormat"
  );
}
