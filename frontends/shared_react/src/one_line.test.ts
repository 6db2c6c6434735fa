import { expect, test } from "vitest";
import { onOneLine, readOneLine } from "./one_line";

test.each(["\n", "\r", "\t", "\u0085", "\u2028", "\u2029"])("a break %j becomes a space", (sign) => {
  expect(onOneLine(`autumn${sign}rain`)).toBe("autumn rain");
});

test("whoever pastes into the middle goes on typing there", () => {
  const field = document.createElement("textarea");
  field.value = "autumn\nand rain";
  field.setSelectionRange(7, 7);

  expect(readOneLine(field)).toBe("autumn and rain");
  expect(field.selectionStart).toBe(7);
});
