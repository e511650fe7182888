/**
 * Sizes as people write and read them.
 *
 * In:    `10GB`, or a number of bytes. Out: the number, or words.
 * Holds: kB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of 1024.
 * Fails: FG_SIZE_VALUE.
 */
import { failure } from '../model/errors.ts';

const LETTERS = 'kmgt';

/** Bytes of a size that was given to an option. */
export function readSize(option: string, text: string): number {
  const [, number = '', letter = '', binary] =
    /^(\d{1,15}(?:\.\d{1,3})?) ?(?:([kmgt])?(i)?b?)$/iu.exec(text.trim()) ?? [];
  const power = letter === '' ? 0 : LETTERS.indexOf(letter.toLowerCase()) + 1;
  if (number === '' || (power === 0 && binary !== undefined)) throw failure('FG_SIZE_VALUE', option, text);
  return Math.round(Number(number) * (binary === undefined ? 1000 : 1024) ** power);
}

/** `7.3 GB`; `round` settles the last digit. */
export function sizeText(bytes: number, round: (value: number) => number = Math.round): string {
  let power = 0;
  while (power < LETTERS.length && round(bytes / 1000 ** power) >= 1000) power++;
  if (power === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const value = round((bytes / 1000 ** power) * 10) / 10;
  return `${value.toFixed(1)} ${power === 1 ? 'k' : LETTERS[power - 1]!.toUpperCase()}B`;
}
