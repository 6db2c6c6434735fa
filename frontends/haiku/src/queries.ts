/** What this app reads, and the names it is cached under. */

import { getHaiku, type HaikuPage, type HaikuView, listHaiku, type Problem } from "@kotonoha/shared";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

export const LIST = ["haikus"] as const;

export function oneHaiku(id: string) {
  return queryOptions<HaikuView, Problem>({
    queryKey: ["haiku", id],
    queryFn: async ({ signal }) => (await getHaiku({ path: { haiku_id: id }, signal })).data,
  });
}

export function allHaiku() {
  return infiniteQueryOptions<HaikuPage, Problem, { pages: HaikuPage[] }, typeof LIST, string | undefined>({
    queryKey: LIST,
    initialPageParam: undefined,
    queryFn: async ({ pageParam, signal }) =>
      (await listHaiku({ query: { limit: 24, cursor: pageParam }, signal })).data,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** The last part of a path, such as the id in `/api/requests/{id}`. */
export function idOf(path: string | null | undefined): string | undefined {
  return path?.split("/").pop() || undefined;
}
