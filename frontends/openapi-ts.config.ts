import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "../api/openapi.json",
  output: { path: "shared_react/src/api", clean: true },
  plugins: [{ name: "@hey-api/client-fetch", throwOnError: true }, "@hey-api/typescript", "@hey-api/sdk"],
  // Operators have pages of their own.
  parser: { filters: { operations: { exclude: ["/^[A-Z]+ /api/ops/.*/"] } } },
});
