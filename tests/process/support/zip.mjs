// A ZIP archive of texts, deflated, as any tool makes it.
import { crc32, deflateRawSync } from 'node:zlib';

const number = (size, value) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, size);
  return bytes;
};

// What local headers and the directory have in common.
function common(text, packed) {
  return Buffer.concat([
    number(2, 20),
    number(2, 0x0800), // names are UTF-8
    number(2, 8),
    number(4, 0x5a210000), // 1 January 2025
    number(4, crc32(text)),
    number(4, packed.length),
    number(4, text.length),
  ]);
}

export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const [title, text] = [Buffer.from(name), Buffer.from(content)];
    const packed = deflateRawSync(text);
    const shared = common(text, packed);
    const local = Buffer.concat([
      number(4, 0x04034b50), shared, number(2, title.length), number(2, 0), title, packed,
    ]);
    directory.push(
      Buffer.concat([
        number(4, 0x02014b50), number(2, 20), shared, number(2, title.length), Buffer.alloc(12),
        number(4, offset), title,
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.concat([
    number(4, 0x06054b50), number(4, 0), number(2, directory.length), number(2, directory.length),
    number(4, index.length), number(4, offset), number(2, 0),
  ]);
  return Buffer.concat([...parts, index, end]);
}
