/** Drawn with the stroke of the page they stand on. */

import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="1.15em"
      height="1.15em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const Trash = () => (
  <Icon>
    <path d="M4 7h16M9.5 7V4.8h5V7M6 7l1 12.5h10L18 7M10 11v5M14 11v5" />
  </Icon>
);
export const Play = () => (
  <Icon>
    <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />
  </Icon>
);
export const Stop = () => (
  <Icon>
    <path d="M7 7h10v10H7z" fill="currentColor" />
  </Icon>
);
export const Share = () => (
  <Icon>
    <path d="M12 15V4M8 7.5 12 3.8l4 3.7M5 13v6.5h14V13" />
  </Icon>
);
export const Save = () => (
  <Icon>
    <path d="M12 4v11M8 11.5l4 3.7 4-3.7M5 16v3.5h14V16" />
  </Icon>
);
export const Back = () => (
  <Icon>
    <path d="M10 6.5 4.5 12l5.5 5.5M5 12h14.5" />
  </Icon>
);
export const Again = () => (
  <Icon>
    <path d="M5 12a7 7 0 1 1 2.2 5.1M5 19v-4.5h4.5" />
  </Icon>
);
