/**
 * A checksum over a whole file.
 *
 * In:    a path. Out: its bytes and their CRC-32.
 * Holds: read in pieces. It finds what a disk or a crash did to a file, not what somebody did on purpose: whoever may
 *        write here is the user.
 * Fails: with the system's error.
 */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const PIECE_BYTES = 4 << 20;

/** Reads the file. */
export async function checksumOf(path: string): Promise<{ readonly bytes: number; readonly crc: number }> {
  const file = await open(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let bytes = 0;
    let crc = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) return { bytes, crc };
      crc = crc32(piece.subarray(0, bytesRead), crc);
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}
