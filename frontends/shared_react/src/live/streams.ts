/** Server-sent events, a stream for each request: where sockets do not get through. */

import { createParser } from "eventsource-parser";
import { fetchRenewed } from "../connect";
import { readProblem } from "../problem";
import type { Session } from "../session";
import type { OpenWay, Told, Way } from "./way";

/** The server says something at least every 15 seconds. */
const SILENT_TOO_LONG_MS = 25_000;

/** All was told; there is no such request; its events are too old to be kept. */
const NOTHING_MORE = new Set([204, 404, 410]);

export function streamsOf(session: Session): OpenWay {
  return (told) => openStreams(session, told);
}

function openStreams(session: Session, told: Told): Way {
  const open = new Map<string, AbortController>();
  let over = false;

  function end(reason: string | null): void {
    if (over) return;
    over = true;
    for (const stream of open.values()) stream.abort();
    if (reason !== null) told.failed(reason);
  }

  async function follow(id: string, after: number): Promise<void> {
    const stopping = new AbortController();
    open.get(id)?.abort();
    open.set(id, stopping);
    try {
      await read(session, told, id, after, stopping);
      if (!stopping.signal.aborted) end("cut");
    } catch (error) {
      if (!stopping.signal.aborted) end(String(error));
    }
  }

  return {
    follow,
    leave(id) {
      open.get(id)?.abort();
      open.delete(id);
    },
    check: () => {},
    close: () => end(null),
  };
}

/** Until the stream is cut; its end is told and awaited for ever, because there is nothing more to come. */
async function read(
  session: Session,
  told: Told,
  id: string,
  after: number,
  stopping: AbortController,
): Promise<void> {
  const request = new Request(`/api/requests/${id}/events?after=${after}`, {
    headers: { Authorization: `Bearer ${await session.token()}`, Accept: "text/event-stream" },
    signal: stopping.signal,
  });
  const answer = await fetchRenewed(session, request, null);
  if (NOTHING_MORE.has(answer.status)) {
    told.ended(id);
    return never(stopping.signal);
  }
  if (!answer.ok || !answer.body) throw readProblem(await answer.json().catch(() => null), answer);
  told.opened();
  const parser = createParser({ onEvent: ({ data }) => told.event(JSON.parse(data)) });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const silence = setTimeout(() => reader.cancel(), SILENT_TOO_LONG_MS);
    const { done, value } = await reader.read();
    clearTimeout(silence);
    if (done) return;
    parser.feed(value);
  }
}

function never(until: AbortSignal): Promise<void> {
  return new Promise((resolve) => until.addEventListener("abort", () => resolve(), { once: true }));
}
