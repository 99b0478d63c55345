import { deflateRawSync } from 'node:zlib';

/**
 * The smallest .xlsx, with two addresses in its second column `Email`: shared, inline and missing
 * cells; stored and deflated entries.
 */
export function workbook(): Uint8Array<ArrayBuffer> {
  const sheet = `<worksheet><cols><col min="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="2"><c r="B2" t="s"><v>2</v></c></row>
<row r="3"><c r="A3"/><c r="B3" t="inlineStr"><is><t>b@example.com</t></is></c></row>
</sheetData></worksheet>`;
  const strings =
    '<sst><si><t>Name</t></si><si><r><t>Em</t></r><r><t>ail</t></r></si><si><t>a@example.com</t></si></sst>';
  return zip({ 'xl/worksheets/sheet1.xml': [sheet, 8], 'xl/sharedStrings.xml': [strings, 0] });
}

function zip(entries: Record<string, [content: string, method: 0 | 8]>): Uint8Array<ArrayBuffer> {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, [content, method]] of Object.entries(entries)) {
    const bytes = method ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(Buffer.concat(files).length, 42);
    files.push(local, Buffer.from(name), bytes);
    directory.push(central, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(files).length, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}
