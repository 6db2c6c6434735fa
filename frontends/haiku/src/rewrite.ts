/** Change the words of a draft: what was wrong was said of the words before. */

type Sending = { error: Error | null; reset(): void };

export function rewrite(setText: (text: string) => void, sending: Sending): (text: string) => void {
  return (text) => {
    setText(text);
    if (sending.error) sending.reset();
  };
}
