import { randomInt } from "node:crypto";

/** Password of the users that journeys make. */
export const PASSWORD = "jornada-de-teste-2026";

const LETTERS = "bcdfghjklmnpqrstvwxz";

/** A word that nothing else in the database has, to find one's own records by. */
export function word(): string {
  const letters = Array.from({ length: 9 }, (_, at) => (at % 2 ? "aeiou"[randomInt(5)] : LETTERS[randomInt(20)]));
  return letters.join("").replace(/^./, (first) => first.toUpperCase());
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join("");
}

/** The check digit: weights rise from 2 at the right, up to `last`. */
function check(body: string, last: number): number {
  const sum = [...body].reverse().reduce((sum, digit, at) => sum + Number(digit) * (2 + (at % (last - 1))), 0);
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
}

function complete(body: string, last: number): string {
  const first = `${body}${check(body, last)}`;
  return `${first}${check(first, last)}`;
}

/** A CPF that could be somebody's, eleven digits. */
export function cpf(): string {
  return complete(digits(9), 11);
}

/** A CNPJ that could be a company's, fourteen digits. */
export function cnpj(): string {
  return complete(`${digits(8)}0001`, 9);
}

/** `000.000.000-00`. */
export function dotted(cpf: string): string {
  return cpf.replace(/(...)(...)(...)(..)/, "$1.$2.$3-$4");
}

/** A mobile phone of São Paulo, eleven digits. */
export function mobile(): string {
  return `119${digits(8)}`;
}

/** `(11) 90000-0000`. */
export function spoken(mobile: string): string {
  return mobile.replace(/(..)(.....)(....)/, "($1) $2-$3");
}
