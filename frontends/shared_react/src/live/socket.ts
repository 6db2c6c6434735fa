/** One WebSocket for all requests a tab follows. A ticket lets it in, because browsers send no Authorization header there. */

import { type Event, issueLiveTicket } from "../api";
import type { Told, Way } from "./way";

const PING_EVERY_MS = 15_000;
const SILENT_TOO_LONG_MS = 8_000;

type Frame =
  | Event
  | { type: "pong" }
  | { type: "ended"; request_id: string }
  | { type: "error"; request_id?: string };

export function openSocket(told: Told): Way {
  let socket: WebSocket | null = null;
  let over = false;
  let ping: ReturnType<typeof setInterval> | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<string, number>();

  function end(reason: string | null): void {
    if (over) return;
    over = true;
    clearInterval(ping);
    clearTimeout(deadline);
    socket?.close();
    if (reason !== null) told.failed(reason);
  }

  function send(frame: object): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  function check(): void {
    send({ type: "ping" });
    clearTimeout(deadline);
    deadline = setTimeout(() => end("silent"), SILENT_TOO_LONG_MS);
  }

  function hear(frame: Frame): void {
    clearTimeout(deadline);
    if (frame.type === "pong") return;
    if (frame.type !== "ended" && frame.type !== "error") told.event(frame as Event);
    else if (frame.request_id) told.ended(frame.request_id);
  }

  async function open(): Promise<void> {
    const { data: ticket } = await issueLiveTicket();
    if (over) return;
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live`, ticket.protocols);
    socket.onopen = () => {
      told.opened();
      const requests = [...waiting].map(([id, after]) => ({ id, after }));
      if (requests.length > 0) send({ type: "subscribe", requests });
      ping = setInterval(check, PING_EVERY_MS);
    };
    socket.onmessage = ({ data }) => hear(JSON.parse(data));
    socket.onclose = ({ code }) => end(`closed with ${code}`);
  }

  deadline = setTimeout(() => end("no socket in time"), SILENT_TOO_LONG_MS);
  open().catch((error: Error) => end(error.message));

  return {
    follow(id, after) {
      waiting.set(id, after);
      send({ type: "subscribe", requests: [{ id, after }] });
    },
    leave(id) {
      waiting.delete(id);
      send({ type: "unsubscribe", requests: [{ id }] });
    },
    check,
    close: () => end(null),
  };
}
