import { Announcer, Frame } from "@kotonoha/shared";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { DeletingRoom } from "../deleting";

export function Root() {
  const navigate = useNavigate();
  // Where the page that is shown belongs to, not yet the one that is on its way.
  const place = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? "" });
  const brand = (
    <Link to="/" className="brand">
      <span lang="ja">言の葉</span> <span className="word">Haiku</span>
      <span className="sr-only">, to all of mine</span>
    </Link>
  );
  return (
    <Announcer>
      <DeletingRoom onDeleted={() => navigate({ to: "/" })}>
        <Frame brand={brand} place={place}>
          <Outlet />
        </Frame>
      </DeletingRoom>
    </Announcer>
  );
}
