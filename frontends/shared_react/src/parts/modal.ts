/** The browser's own dialog over the page: focus is kept inside, Escape closes, nothing is injected. */

import { type RefObject, useLayoutEffect, useRef } from "react";

/** For a `<dialog>` that is open as long as it is in the page. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return dialog;
}
