import { app } from "../shared_react/vite.ts";

export default app(import.meta.dirname);
