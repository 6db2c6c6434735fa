/** What a learner chose on this machine, shared by all tabs: theme, furigana, and the like. */

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
addEventListener("storage", () => tell());

function tell(): void {
  for (const listener of listeners) listener();
}

export function usePreference<T extends string | number | boolean>(
  name: string,
  usual: T,
): [T, (value: T) => void] {
  const written = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(name),
  );
  const set = (value: T) => {
    localStorage.setItem(name, JSON.stringify(value));
    tell();
  };
  return [read(written, usual), set];
}

function read<T>(written: string | null, usual: T): T {
  try {
    const value = JSON.parse(written ?? "null");
    return typeof value === typeof usual ? value : usual;
  } catch {
    return usual;
  }
}
