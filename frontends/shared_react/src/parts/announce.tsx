/** One polite voice for people who listen to the page. */

import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const Context = createContext<(sentence: string) => void>(() => {});

export function useAnnounce(): (sentence: string) => void {
  return useContext(Context);
}

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState("");
  const announce = useCallback((sentence: string) => setSaid(sentence), []);
  return (
    <Context value={announce}>
      {children}
      <div role="status" aria-live="polite" className="sr-only">
        {said}
      </div>
    </Context>
  );
}
