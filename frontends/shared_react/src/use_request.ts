/** One request, live: read once, then told of every change until it is over. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { getRequest, type RequestView } from "./api";
import { useKotonoha } from "./kotonoha";
import type { Problem } from "./problem";

/** Events come in bursts; the rows are read once a burst. */
const BURST_MS = 120;

export type Following = {
  request: RequestView | undefined;
  problem: Problem | null;
  /** What is being written right now, whole; gone when its job ends. */
  words: string;
};

/**
 * `resource` is the key of the query that reads what the request is for: it is read again as parts of it are done. `isOpen`
 * says whether what was read of it goes on.
 */
export function useRequest(id: string | undefined, resource: readonly unknown[], isOpen: boolean): Following {
  const { live } = useKotonoha();
  const queries = useQueryClient();
  const [words, setWords] = useState("");
  const query = useQuery<RequestView, Problem>({
    queryKey: ["request", id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => (await getRequest({ path: { request_id: String(id) }, signal })).data,
  });
  const isOver = query.data ? query.data.finished_at !== null : false;
  const resourceKey = useRef(resource);
  resourceKey.current = resource;

  useEffect(() => {
    if (id === undefined || isOver) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      clearTimeout(timer);
      timer = undefined;
      void queries.invalidateQueries({ queryKey: ["request", id] });
      void queries.invalidateQueries({ queryKey: resourceKey.current });
    };
    const leave = live.follow(id, {
      event(event) {
        if (event.type === "job.delta") {
          setWords(String(event.data.text));
          return;
        }
        if (event.type === "job.started") setWords("");
        timer ??= setTimeout(readAgain, BURST_MS);
      },
      ended: readAgain,
    });
    return () => {
      leave();
      if (timer) readAgain();
      setWords("");
    };
  }, [id, isOver, live, queries]);

  // What ended between the two reads is told by no event any more.
  const isBehind = isOver && isOpen;
  useEffect(() => {
    if (isBehind) void queries.invalidateQueries({ queryKey: resourceKey.current });
  }, [isBehind, queries]);

  return { request: query.data, problem: query.error, words };
}
