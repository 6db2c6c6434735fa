/** When a learner comes back to a page: to its tab, or to its window beside another, which no browser tells as visible. */

export function onComingBack(comeBack: () => void): () => void {
  addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  return () => {
    removeEventListener("focus", comeBack);
    document.removeEventListener("visibilitychange", comeBack);
  };
}
