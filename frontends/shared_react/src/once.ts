/** An Idempotency-Key for each thing a learner means: sent again after a lost answer, it is the same; for other words, another. */

import { useRef } from "react";

export function useKey(): (meaning: string) => string {
  const last = useRef<{ meaning: string; key: string }>(null);
  return (meaning) => {
    if (last.current?.meaning !== meaning) last.current = { meaning, key: crypto.randomUUID() };
    return last.current.key;
  };
}
