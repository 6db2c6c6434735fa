import "./style.css";
import { start } from "@kotonoha/shared";
import { RouterProvider } from "@tanstack/react-router";
import { router } from "./router";

// Beside the first paint: their list of slices is long.
void import("./fonts");
void start(<RouterProvider router={router} />);
