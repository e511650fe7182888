/**
 * Sizes on the command line: `4GB`, `500 MB`, `1.5GiB`.
 *
 * In:    text. Out: bytes.
 * Holds: KB, MB, GB, TB are powers of 1,000; KiB and so on, of 1,024. Without a unit they are bytes.
 * Fails: as commander reports a wrong value of an option.
 */
import { InvalidArgumentError } from 'commander';

const SIZE = /^(\d+(?:\.\d+)?) ?(?:([kmgt])(i)?)?b?$/iu;

/** Bytes of a size, more than none. */
export function byteSize(text: string): number {
  const [, number, unit, binary] = SIZE.exec(text.trim()) ?? [];
  const power = unit === undefined ? 0 : 'kmgt'.indexOf(unit.toLowerCase()) + 1;
  const bytes = Math.floor(Number(number) * (binary === undefined ? 1000 : 1024) ** power);
  if (number === undefined || bytes < 1) throw new InvalidArgumentError('it is no size, such as 500MB or 4GB.');
  return bytes;
}
