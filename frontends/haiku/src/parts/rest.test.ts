import { expect, test } from "vitest";
import { tellMissing } from "./rest";

test.each([
  [1, 0, "1 picture is missing."],
  [3, 1, "3 pictures and 1 voice are missing."],
  [0, 2, "2 voices are missing."],
])("%i pictures and %i voices that are not there are told", (pictures, voices, words) => {
  expect(tellMissing({ pictures, voices })).toBe(words);
});
