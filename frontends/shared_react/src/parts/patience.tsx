/** Waiting, in words: a spinner that says after one second what it waits for, and after ten that it takes longer than usual. */

import { useEffect, useState } from "react";

const WORDS_AFTER_MS = 1_000;
const LONG_AFTER_MS = 10_000;

export function Patience({ words }: { words: string }) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [
      setTimeout(() => setStage(1), WORDS_AFTER_MS),
      setTimeout(() => setStage(2), LONG_AFTER_MS),
    ];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <p className="patience">
      <span className="spinner" aria-hidden="true" />
      {stage > 0 && <span>{stage === 1 ? words : `${words} This takes longer than usual.`}</span>}
    </p>
  );
}
