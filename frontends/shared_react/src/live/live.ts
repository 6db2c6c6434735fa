/** Everything a tab follows, over whatever way works: events in order, each once, taken up where they were cut off. */

import type { Event } from "../api";
import { backoffMs } from "./backoff";
import type { OpenWay, Way } from "./way";

export type Connection = "idle" | "connecting" | "live" | "slow" | "offline";
/** `slow`: events come, but not by the first way. */

export type Follower = {
  event(event: Event): void;
  /** Everything was told, or nothing can be: the rows say how it stands. */
  ended(): void;
};

const TRIES_A_WAY = 2;
const BACK_TO_FIRST_MS = 30_000;
const IDLE_MS = 20_000;

export class Live {
  #followed = new Map<string, Set<Follower>>();
  /** The last seq told of each request; kept after its end, for it may be retried. */
  #places = new Map<string, number>();
  #way: Way | null = null;
  #rung = 0;
  #failures = 0;
  #isOpen = false;
  #connection: Connection = "idle";
  #retry: ReturnType<typeof setTimeout> | undefined;
  #climb: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();

  /** `ways` from best to last. */
  constructor(private readonly ways: readonly OpenWay[]) {
    addEventListener("online", () => this.startAfresh());
    addEventListener("offline", () => this.#lose());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#wake();
    });
    // A page kept by the browser comes back with a dead socket that nobody has told so.
    addEventListener("pageshow", (event) => event.persisted && this.startAfresh());
  }

  get connection(): Connection {
    return this.#connection;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns how to stop. Two followers of one request share what is told; the second joins where the first is. */
  follow(requestId: string, follower: Follower): () => void {
    const followers = this.#followed.get(requestId);
    if (followers) followers.add(follower);
    else {
      this.#followed.set(requestId, new Set([follower]));
      this.#way?.follow(requestId, this.#place(requestId));
    }
    clearTimeout(this.#idle);
    if (!this.#way && !this.#retry) this.#open();
    return () => this.#leave(requestId, follower);
  }

  #place(requestId: string): number {
    return this.#places.get(requestId) ?? 0;
  }

  #leave(requestId: string, follower: Follower): void {
    const followers = this.#followed.get(requestId);
    if (!followers?.delete(follower) || followers.size > 0) return;
    this.#forget(requestId);
    this.#way?.leave(requestId);
  }

  #forget(requestId: string): void {
    this.#followed.delete(requestId);
    if (this.#followed.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#followed.size === 0 && this.#close("idle"), IDLE_MS);
  }

  #open(): void {
    this.#retry = undefined;
    const open = this.ways[this.#rung];
    if (!open) return;
    if (!navigator.onLine) {
      this.#tell("offline");
      return;
    }
    if (this.#connection !== "slow") this.#tell("connecting");
    this.#isOpen = false;
    const mine = () => this.#way === way;
    const way: Way = open({
      opened: () => mine() && this.#opened(),
      event: (event) => mine() && this.#hear(event),
      ended: (id) => mine() && this.#end(id),
      failed: () => mine() && this.#failed(),
    });
    this.#way = way;
    for (const id of this.#followed.keys()) way.follow(id, this.#place(id));
  }

  #opened(): void {
    this.#isOpen = true;
    this.#failures = 0;
    this.#tell(this.#rung === 0 ? "live" : "slow");
    if (this.#rung > 0 && !this.#climb) this.#climb = setTimeout(() => this.startAfresh(), BACK_TO_FIRST_MS);
  }

  #hear(event: Event): void {
    const after = this.#place(event.request_id);
    if (event.seq != null) {
      if (event.seq <= after) return;
      if (event.seq > after + 1) {
        this.#way?.follow(event.request_id, after);
        return;
      }
      this.#places.set(event.request_id, event.seq);
    }
    for (const follower of this.#followed.get(event.request_id) ?? []) follower.event(event);
  }

  #end(requestId: string): void {
    const followers = this.#followed.get(requestId) ?? [];
    this.#way?.leave(requestId);
    this.#forget(requestId);
    for (const follower of followers) follower.ended();
  }

  #failed(): void {
    this.#way = null;
    this.#failures += 1;
    if (!this.#isOpen && this.#failures >= TRIES_A_WAY && this.#rung < this.ways.length - 1) {
      this.#rung += 1;
      this.#failures = 0;
    }
    if (this.#followed.size === 0) {
      this.#tell("idle");
      return;
    }
    this.#tell(navigator.onLine ? "connecting" : "offline");
    this.#retry = setTimeout(() => this.#open(), backoffMs(this.#failures));
  }

  #wake(): void {
    if (this.#way) this.#way.check();
    else if (this.#followed.size > 0) this.startAfresh();
  }

  /** From the first way again, and at once. */
  startAfresh(): void {
    this.#close("connecting");
    this.#rung = 0;
    this.#failures = 0;
    if (this.#followed.size > 0) this.#open();
    else this.#tell("idle");
  }

  #lose(): void {
    this.#close(this.#followed.size > 0 ? "offline" : "idle");
  }

  #close(connection: Connection): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#climb);
    this.#retry = this.#climb = undefined;
    const way = this.#way;
    this.#way = null;
    way?.close();
    this.#tell(connection);
  }

  #tell(connection: Connection): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    for (const listener of this.#listeners) listener();
  }
}
