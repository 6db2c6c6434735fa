import type { HaikuView } from "@kotonoha/shared";
import { expect, test } from "vitest";
import { fileName } from "./save";

test.each([
  ["Autumn rain!", "haiku-autumn-rain"],
  ["秋の雨", "haiku-秋の雨"],
  ["🍣", "haiku-untitled"],
  [`${"a".repeat(39)} b`, `haiku-${"a".repeat(39)}`],
  ["𠮷".repeat(50), `haiku-${"𠮷".repeat(40)}`],
])("files of a haiku about %s are named so that any disk takes them", (topic, name) => {
  expect(fileName({ topic } as HaikuView)).toBe(name);
});
