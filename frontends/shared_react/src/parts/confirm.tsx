/** Ask before something is gone. The browser's own dialog: focus is kept inside, Escape closes, nothing is injected. */

import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

type Props = { title: string; children: ReactNode; yes: string; no?: string; onYes(): void; onNo(): void };

export function Confirm({ title, children, yes, no = "Keep it", onYes, onNo }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={onNo}>
      <h2 id={id}>{title}</h2>
      <div className="mt-2">{children}</div>
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        {/* biome-ignore lint/a11y/noAutofocus: in a dialog that deletes, the harmless button comes first */}
        <button type="button" className="button" onClick={onNo} autoFocus>
          {no}
        </button>
        <button type="button" className="button danger" onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
