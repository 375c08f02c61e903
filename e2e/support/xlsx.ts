import { inflateRawSync } from "node:zlib";

/** The files of a ZIP archive by name; enough for what workbooks need. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end < 0) throw new Error("not a ZIP archive");
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const extra = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + size);
    files.set(name, method === 8 ? inflateRawSync(packed) : packed);
    at += 46 + nameLength + extra;
  }
  return files;
}

/** A sheet of a workbook as rows of texts; numbers stay as they are stored. */
export function sheet(workbook: Buffer, number = 1): string[][] {
  const files = unzip(workbook);
  const shared = texts(files.get("xl/sharedStrings.xml")?.toString("utf8") ?? "", "si");
  const xml = files.get(`xl/worksheets/sheet${number}.xml`)?.toString("utf8");
  if (xml === undefined) throw new Error(`no sheet ${number}; there are ${[...files.keys()].join(", ")}`);
  return [...xml.matchAll(/<row\b[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, row]) =>
    [...(row ?? "").matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, cell]) => {
      const value = /<v>(.*?)<\/v>/s.exec(cell ?? "")?.[1];
      if (value === undefined) return texts(cell ?? "", "is")[0] ?? "";
      return /\bt="s"/.test(attributes ?? "") ? (shared[Number(value)] ?? "") : plain(value);
    }),
  );
}

/** The text inside each element of a name. */
function texts(xml: string, name: string): string[] {
  const each = [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))];
  return each.map(([, inside]) => [...(inside ?? "").matchAll(/<t\b[^>]*>(.*?)<\/t>/gs)].map(([, text]) => plain(text ?? "")).join(""));
}

function plain(text: string): string {
  const known: { [name: string]: string } = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => known[name] ?? "");
}
