/** Progress in sentences, for people who listen to the page. Only what changes while they are here: what was there before, they read. */

import { type HaikuView, type RequestView, useAnnounce } from "@kotonoha/shared";
import { useEffect, useRef } from "react";

type Told = { poem: string; parts: string };

export function useTold(haiku: HaikuView, request: RequestView | undefined): void {
  const announce = useAnnounce();
  const isKnown = request !== undefined || haiku.request === null;
  const poem = tellPoem(haiku);
  const parts = tellParts(haiku, request);
  const last = useRef<Told>(null);
  useEffect(() => {
    if (!isKnown) return;
    const before = last.current ?? { poem: poem === WRITING ? "" : poem, parts };
    last.current = { poem, parts };
    if (parts !== before.parts) announce(parts);
    // Said last, and so what is heard when the first parts come in the same moment.
    if (poem && poem !== before.poem) announce(poem);
  }, [isKnown, poem, parts, announce]);
}

const WRITING = "The poet is writing.";

function tellPoem(haiku: HaikuView): string {
  if (haiku.status === "composing") return WRITING;
  if (!haiku.lines[0].japanese) return "";
  return `The poem is there: ${haiku.lines.map((line) => line.english ?? "").join(" ")}`;
}

const ENDS: Partial<Record<RequestView["status"], string>> = {
  succeeded: "Done",
  failed: "Something failed",
  canceled: "Stopped",
};

function tellParts(haiku: HaikuView, request: RequestView | undefined): string {
  const pictures = haiku.lines.filter((line) => line.picture).length;
  const voices = haiku.lines.filter((line) => line.voice).length;
  const end = request && ENDS[request.status];
  return `${end ? `${end}: ` : ""}${pictures} of 3 pictures, ${voices} of 3 voices.`;
}
