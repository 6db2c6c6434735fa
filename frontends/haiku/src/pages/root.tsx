import { Announcer, Frame, useStanding } from "@kotonoha/shared";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { DeletingRoom } from "../deleting";

export function Root() {
  const navigate = useNavigate();
  const brand = (
    <Link to="/" className="brand">
      <span lang="ja">言の葉</span> <span className="word">Haiku</span>
      <span className="sr-only">, to all of mine</span>
    </Link>
  );
  if (useStanding() === "signed-out") return <Outlet />;
  return (
    <Announcer>
      <DeletingRoom onDeleted={() => navigate({ to: "/" })}>
        <Frame brand={brand}>
          <Outlet />
        </Frame>
      </DeletingRoom>
    </Announcer>
  );
}
