/** The addresses of this app. */

import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { HaikuPage } from "./pages/haiku";
import { Home } from "./pages/home";
import { NotFound } from "./pages/not_found";
import { Root } from "./pages/root";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const haiku = createRoute({ getParentRoute: () => root, path: "/haiku/$id", component: HaikuPage });

export const router = createRouter({
  routeTree: root.addChildren([home, haiku]),
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
