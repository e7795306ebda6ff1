/**
 * The first file of a zip whose files are not compressed (method 0), as text.
 *
 * @throws Error where the bytes are no zip or the file is compressed
 */
export function firstOfZip(zip: Buffer): string {
  if (zip.readUInt32LE(0) !== 0x04034b50) throw new Error('This is no zip.');
  if (zip.readUInt16LE(8) !== 0) throw new Error('Its first file is compressed.');
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return zip.toString('utf8', start, start + zip.readUInt32LE(18));
}
