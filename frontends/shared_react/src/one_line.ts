/** Words as a field of one line takes them: what is pasted with breaks in it goes on after a space. */

// Those that the api refuses as line breaks, and its tab.
const BREAKS = /[\n\r\t\u0085\u2028\u2029]/g;

/** What is in the field now, on one line, with the caret where it was. */
export function readOneLine(field: HTMLTextAreaElement): string {
  const { value } = field;
  if (onOneLine(value) !== value) {
    const { selectionStart, selectionEnd } = field;
    field.value = onOneLine(value);
    field.setSelectionRange(selectionStart, selectionEnd);
  }
  return field.value;
}

/** As long as before: whoever knows a place in one knows it in the other. */
export function onOneLine(text: string): string {
  return text.replace(BREAKS, " ");
}
