/** A sentence at the foot of the page, with something to do about it. */

import type { ReactNode } from "react";

export function Toasts({ children }: { children: ReactNode }) {
  return <div className="toasts">{children}</div>;
}

export function Toast({
  sentence,
  action,
  onAction,
}: {
  sentence: string;
  action: string;
  onAction(): void;
}) {
  return (
    <div className="toast" role="status">
      <span>{sentence}</span>
      <button type="button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
