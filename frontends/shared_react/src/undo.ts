/** Things that are only done after a while in which they can be taken back. Leaving the page takes them back, too. */

import { useCallback, useEffect, useRef, useState } from "react";

export const UNDO_MS = 8_000;

export type Undoable = { key: string; sentence: string };

/** `act` is called with each key whose time has passed. */
export function useUndo(act: (key: string) => void, ms = UNDO_MS) {
  const [waiting, setWaiting] = useState<readonly Undoable[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const latest = useRef(act);
  latest.current = act;

  const drop = useCallback((key: string) => {
    clearTimeout(timers.current.get(key));
    timers.current.delete(key);
    setWaiting((before) => before.filter((one) => one.key !== key));
  }, []);

  const begin = useCallback(
    (undoable: Undoable) => {
      setWaiting((before) => [...before, undoable]);
      timers.current.set(
        undoable.key,
        setTimeout(() => {
          drop(undoable.key);
          latest.current(undoable.key);
        }, ms),
      );
    },
    [drop, ms],
  );

  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running.values()) clearTimeout(timer);
    };
  }, []);

  return { waiting, begin, undo: drop };
}
