// Keyset pages as one sequence: the next page is fetched when the last is used up.

import type { Conexao } from "./client.js";
import { unwrap, type Result } from "./problem.js";
import type { paths } from "./schema.js";

/** What one item of a list answer is. */
type ItemOf<Operation> = Operation extends {
  responses: { 200: { content: { "application/json": { items?: (infer Item)[] } } } };
}
  ? Item
  : never;

/** Paths whose `GET` answers pages. */
export type ListPath = {
  [Path in keyof paths]: [ItemOf<paths[Path]["get"]>] extends [never] ? never : Path;
}[keyof paths];

export type Item<Path extends ListPath> = ItemOf<paths[Path]["get"]>;

/** List parameters: `q`, `sort`, `limit` and filters such as `filter[status]` or `filter[created_at][gte]`. */
export type ListQuery = Record<string, string>;

interface Page<T> {
  items?: T[];
  next?: string | null;
}

/** Every item of a list from its first page on; `path` are the values of the path's own parameters. */
export async function* items<Path extends ListPath>(
  client: Conexao,
  list: Path,
  query: ListQuery = {},
  path: Record<string, string> = {},
): AsyncGenerator<Item<Path>, void, undefined> {
  // Which parameters a list has differs by path; the grammar does not.
  const get = client.GET as unknown as (path: string, init: object) => Promise<Result<Page<Item<Path>>>>;
  let after: string | null | undefined;
  do {
    const place: ListQuery = after ? { ...query, after } : query;
    const page: Page<Item<Path>> = await unwrap(get(list, { params: { query: place, path } }));
    yield* page.items ?? [];
    after = page.next;
  } while (after);
}
