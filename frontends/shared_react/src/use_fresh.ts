/** Links end; a page stays open. Read again shortly before the first of them ends, and when the learner comes back later. */

import { useEffect } from "react";

const MARGIN_MS = 30_000;

export function useFreshLinks(expiries: readonly (string | undefined)[], readAgain: () => void): void {
  const first = Math.min(...expiries.filter((at) => at !== undefined).map(Date.parse));
  useEffect(() => {
    if (!Number.isFinite(first)) return;
    const wait = Math.max(1_000, first - Date.now() - MARGIN_MS);
    const timer = setTimeout(readAgain, wait);
    const look = () =>
      document.visibilityState === "visible" && first - Date.now() < MARGIN_MS && readAgain();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [first, readAgain]);
}
