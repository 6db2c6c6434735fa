/** Ask before something is gone. */

import { type ReactNode, useId } from "react";
import { useModal } from "./modal";

type Props = { title: string; children: ReactNode; yes: string; no?: string; onYes(): void; onNo(): void };

export function Confirm({ title, children, yes, no = "Keep it", onYes, onNo }: Props) {
  const dialog = useModal();
  const id = useId();
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
