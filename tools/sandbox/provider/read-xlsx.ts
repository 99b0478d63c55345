import { inflateRawSync } from 'node:zlib';

const CENTRAL_ENTRY = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = Buffer.from('504b0506', 'hex');
const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

/** Text cells of the first sheet, row by row. Throws when the file is not a workbook. */
export function readXlsx(file: Buffer): string[][] {
  const sheet = unzipEntry(file, 'xl/worksheets/sheet1.xml');
  if (sheet === undefined) throw new Error('no sheet in the workbook');
  const shared = elements(unzipEntry(file, 'xl/sharedStrings.xml') ?? '', 'si').map(({ content }) =>
    toText(content),
  );
  return elements(sheet, 'row').map(({ content }) => {
    const row: string[] = [];
    for (const { attributes, content: cell } of elements(content, 'c')) {
      const column = /\br="([A-Z]{1,3})\d/.exec(attributes)?.[1];
      const value = toText(cell);
      row[column ? toIndex(column) : row.length] = /\bt="s"/.test(attributes)
        ? (shared[Number(value)] ?? '')
        : value;
    }
    return Array.from(row, (cell) => cell ?? '');
  });
}

function elements(xml: string, name: string) {
  const pattern = new RegExp(`<${name}(\\s[^>]*?)?(?:/>|>(.*?)</${name}>)`, 'gs');
  return Array.from(xml.matchAll(pattern), ([, attributes = '', content = '']) => ({
    attributes,
    content,
  }));
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const toText = (xml: string) =>
  xml
    .replace(/<[^<>]*>/g, '')
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .trim();

const toIndex = (letters: string) =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

function unzipEntry(zip: Buffer, wanted: string): string | undefined {
  const end = zip.lastIndexOf(END_OF_CENTRAL_DIRECTORY);
  if (end < 0) throw new Error('not a zip file');
  let at = zip.readUInt32LE(end + 16);
  while (at + 46 <= end && zip.readUInt32LE(at) === CENTRAL_ENTRY) {
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, nameEnd) === wanted) {
      const local = zip.readUInt32LE(at + 42);
      // The local header's own name and extra field lengths count, not the directory's.
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      const stored = zip.readUInt16LE(at + 10) === 0;
      return (
        stored ? bytes : inflateRawSync(bytes, { maxOutputLength: MAX_ENTRY_BYTES })
      ).toString();
    }
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return undefined;
}
