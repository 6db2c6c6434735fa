/** The first page: ask for a haiku, and all there are. */

import { Complaint, Patience } from "@kotonoha/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useDeleting } from "../deleting";
import { Card } from "../parts/card";
import { Composer } from "../parts/composer";
import { Example } from "../parts/example";
import { allHaiku } from "../queries";

export function Home() {
  useEffect(() => {
    document.title = "Haiku · Kotonoha 言の葉";
  }, []);
  return (
    <>
      <Composer />
      <Gallery />
    </>
  );
}

function Gallery() {
  const list = useInfiniteQuery(allHaiku());
  const { isHidden } = useDeleting();
  if (list.isPending) return <Patience words="Fetching your haiku …" />;
  if (!list.data) return <Complaint problem={list.error} onAgain={() => list.refetch()} />;
  const haikus = list.data.pages.flatMap((page) => page.items).filter((haiku) => !isHidden(haiku.id));
  if (haikus.length === 0) return <Example />;
  return (
    <section aria-labelledby="mine">
      <h2 id="mine" className="section-title">
        Your haiku
      </h2>
      <ul className="gallery">
        {haikus.map((haiku) => (
          <Card key={haiku.id} haiku={haiku} />
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" className="button mx-auto mt-8 block" onClick={() => list.fetchNextPage()}>
          {list.isFetchingNextPage ? "Fetching older ones …" : "Older ones"}
        </button>
      )}
    </section>
  );
}
