/** How a haiku stands, in a word. */

import type { HaikuView } from "@kotonoha/shared";

const WORDS: Record<HaikuView["status"], string> = {
  composing: "Being composed",
  draft: "Words only",
  illustrating: "Being painted",
  succeeded: "Finished",
  failed: "Something failed",
};

export function Status({ status }: { status: HaikuView["status"] }) {
  return (
    <span className="status" data-status={status}>
      {WORDS[status]}
    </span>
  );
}

export function isOpen(haiku: HaikuView): boolean {
  return haiku.status === "composing" || haiku.status === "illustrating";
}
