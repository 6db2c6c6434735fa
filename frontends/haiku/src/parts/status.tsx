/** How a haiku stands, in a word. */

import type { HaikuView } from "@kotonoha/shared";
import { isBegun } from "./standing";

const WORDS: Record<HaikuView["status"], string> = {
  composing: "Being composed",
  draft: "Words only",
  illustrating: "Being painted",
  succeeded: "Finished",
  failed: "Something failed",
  canceled: "Stopped",
};

export function Status({ haiku }: { haiku: HaikuView }) {
  return (
    <span className="status" data-status={haiku.status}>
      {haiku.status === "draft" && isBegun(haiku) ? "Unfinished" : WORDS[haiku.status]}
    </span>
  );
}

export function isOpen(haiku: HaikuView): boolean {
  return haiku.status === "composing" || haiku.status === "illustrating";
}
