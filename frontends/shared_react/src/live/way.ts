/** A way events can come by: a socket, streams or polls. `Live` picks one and changes it when it fails. */

import type { Event } from "../api";

export type Told = {
  /** The way works. May be said more than once. */
  opened(): void;
  event(event: Event): void;
  /** Everything of this request was told, or nothing can be: asking again will not change that. */
  ended(requestId: string): void;
  /** Said once, and the way is over. */
  failed(reason: string): void;
};

export type Way = {
  follow(requestId: string, after: number): void;
  leave(requestId: string): void;
  /** Find out whether it still works; say `failed` if not. */
  check(): void;
  close(): void;
};

export type OpenWay = (told: Told) => Way;
