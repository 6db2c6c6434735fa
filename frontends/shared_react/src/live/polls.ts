/** The last resort: ask every two seconds how far each request is, and tell that something may have changed. */

import { getRequest, type RequestView } from "../api";
import { Problem } from "../problem";
import type { Told, Way } from "./way";

const EVERY_MS = 2_000;

export function openPolls(told: Told): Way {
  const seen = new Map<string, string>();
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(id: string): Promise<void> {
    const request = await find(id);
    if (!request) return told.ended(id);
    const now = JSON.stringify([
      request.status,
      request.jobs.map((job) => [job.id, job.status, job.attempt]),
    ]);
    if (!seen.has(id) || over) return;
    if (seen.get(id) !== now) {
      seen.set(id, now);
      told.event({ request_id: id, type: "request.changed", at: new Date().toISOString(), data: {} });
    }
    if (request.finished_at) told.ended(id);
  }

  async function round(): Promise<void> {
    try {
      await Promise.all([...seen.keys()].map(look));
      told.opened();
    } catch (error) {
      return end(String(error));
    }
    if (!over) timer = setTimeout(round, EVERY_MS);
  }

  function end(reason: string | null): void {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (reason !== null) told.failed(reason);
  }

  timer = setTimeout(round, 0);
  return {
    follow: (id) => void seen.set(id, ""),
    leave: (id) => void seen.delete(id),
    check: () => {},
    close: () => end(null),
  };
}

/** Null for one that is not there any more. */
async function find(id: string): Promise<RequestView | null> {
  try {
    return (await getRequest({ path: { request_id: id } })).data;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
