/** What the page of one haiku knows and does: its request as it runs, its voices, stopping it, and asking again for what failed. */

import {
  cancelRequest,
  type HaikuView,
  type RequestView,
  useFreshLinks,
  useKey,
  useOneAtATime,
  usePlayer,
  useRequest,
} from "@kotonoha/shared";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { askAgain, whatAgain } from "./again";
import type { Retry } from "./parts/missing";
import { countLack } from "./parts/standing";
import { isOpen } from "./parts/status";
import { idOf, LIST, oneHaiku } from "./queries";

export type Opened = ReturnType<typeof useOpened>;

export function useOpened(haiku: HaikuView, readAgain: () => Promise<unknown>) {
  const queries = useQueryClient();
  const { queryKey } = oneHaiku(haiku.id);
  const following = useRequest(idOf(haiku.request), queryKey, isOpen(haiku));
  const { request } = following;
  const renew = useCallback(async () => void (await readAgain()), [readAgain]);
  const player = usePlayer(
    (place) => queries.getQueryData(queryKey)?.lines[place]?.voice ?? undefined,
    renew,
  );
  useFreshLinks(
    haiku.lines.flatMap((line) => [line.picture?.expires_at, line.voice?.expires_at]),
    renew,
  );

  const onSettled = () => {
    void queries.invalidateQueries({ queryKey: ["request", request?.id] });
    void queries.invalidateQueries({ queryKey: LIST });
    // Where `readAgain` would wait for a line, and nobody be told that there is none.
    return queries.invalidateQueries({ queryKey });
  };
  const keyFor = useKey();
  const again = useOneAtATime({ mutationFn: askAgain, onSettled });
  const cancel = useOneAtATime({
    mutationFn: (one: RequestView) => cancelRequest({ path: { request_id: one.id } }),
    onSettled,
  });
  const isRunning = request?.finished_at === null;
  // Also while what was begun comes to its end.
  const isStopping = cancel.isPending || (cancel.isSuccess && cancel.variables.id === request?.id);
  const stop = isRunning ? { ask: () => cancel.mutate(request), isStopping } : null;
  const retry: Retry = {
    ask: () => again.mutate(whatAgain(haiku, request, keyFor)),
    isAsking: again.isPending,
    lack: countLack(haiku, request),
  };
  const unsent = again.isError ? { error: again.error, send: () => again.mutate(again.variables) } : null;
  return { ...following, player, renew, stop, stopError: cancel.error, retry, unsent };
}
