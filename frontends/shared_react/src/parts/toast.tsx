/** A sentence at the foot of the page, with something to do about it. */

import { type ReactNode, useEffect, useRef } from "react";
import { Words } from "./words";

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
  // What was focused is often what has just gone, and there is not much time.
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  return (
    <div className="toast" role="status">
      <span>
        <Words>{sentence}</Words>
      </span>
      <button type="button" ref={button} onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
