import { readFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "../data/clientes_pj.csv");

/** The register of companies with two rows that cannot be imported. */
export interface Companies {
  content: Buffer;
  /** The CNPJ with a wrong check digit, in line 12. Line 22 has no name. */
  wrong: string;
  /** The cells of each company. */
  rows: string[][];
}

/** Reads the file and breaks two of its rows. */
export async function companies(): Promise<Companies> {
  const lines = (await readFile(FILE, "latin1")).split("\r\n");
  const cells = (line: number): string[] => (lines[line] ?? "").split(";");
  const document = cells(11)[0] ?? "";
  const wrong = `${document.slice(0, 13)}${(Number(document[13]) + 1) % 10}`;
  lines[11] = [wrong, ...cells(11).slice(1)].join(";");
  lines[21] = [...cells(21).slice(0, 3), "", ...cells(21).slice(4)].join(";");
  return { content: Buffer.from(lines.join("\r\n"), "latin1"), wrong, rows: lines.slice(1, 201).map((line) => line.split(";")) };
}
