/** How long to wait before the next try: exponential, capped, with full jitter so that a crowd does not come back at once. */

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return ceiling / 5 + random() * ceiling * 0.8;
}
