/** What a haiku that was left off lacks, and how to get it. */

import type { HaikuView } from "@kotonoha/shared";
import type { Retry } from "./missing";
import { countMissing, isBegun, type Lack } from "./standing";

export function Rest({ haiku, retry }: { haiku: HaikuView; retry: Retry }) {
  if (!isLeftOff(haiku) || !isBegun(haiku)) return null;
  const lack = countMissing(haiku);
  return (
    <div className="rest">
      <span>{tellMissing(lack)}</span>
      <RestButton retry={retry}>{tellRest(lack)}</RestButton>
    </div>
  );
}

/** For a poem of which nothing was painted or recorded yet. */
export function Illustrate({ haiku, retry }: { haiku: HaikuView; retry: Retry }) {
  if (!isLeftOff(haiku) || isBegun(haiku)) return null;
  return <RestButton retry={retry}>Paint and record it</RestButton>;
}

function RestButton({ retry, children }: { retry: Retry; children: string }) {
  return (
    <button type="button" className="button primary" onClick={retry.ask} aria-busy={retry.isAsking}>
      {retry.isAsking ? "Asking …" : children}
    </button>
  );
}

function isLeftOff(haiku: HaikuView): boolean {
  return haiku.status === "draft" || haiku.status === "canceled";
}

export function tellMissing({ pictures, voices }: Lack): string {
  const what = [count(pictures, "picture"), count(voices, "voice")].filter(Boolean).join(" and ");
  return `${what} ${pictures + voices === 1 ? "is" : "are"} missing.`;
}

function count(number: number, one: string): string {
  if (number === 0) return "";
  return number === 1 ? `1 ${one}` : `${number} ${one}s`;
}

function tellRest({ pictures, voices }: Lack): string {
  if (pictures > 0 && voices > 0) return "Make the rest";
  const verb = voices === 0 ? "Paint" : "Record";
  return `${verb} ${pictures + voices === 1 ? "it" : "them"}`;
}
