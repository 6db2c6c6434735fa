/** What a learner means once is asked for once, however often it is pressed or sent. */

import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useRef } from "react";

/** An Idempotency-Key for each thing they mean: sent again after a lost answer, it is the same; for other words, another. */
export function useKey(): (meaning: string) => string {
  const last = useRef<{ meaning: string; key: string }>(null);
  return (meaning) => {
    if (last.current?.meaning !== meaning) last.current = { meaning, key: crypto.randomUUID() };
    return last.current.key;
  };
}

/** A mutation that is not begun again while it runs: the second click of two comes before the page can show that it is busy. */
export function useOneAtATime<Data, Variables = void>(options: UseMutationOptions<Data, Error, Variables>) {
  const isRunning = useRef(false);
  const mutation = useMutation(options);
  const mutate = (variables: Variables) => {
    if (isRunning.current) return;
    isRunning.current = true;
    mutation.mutate(variables, {
      onSettled: () => {
        isRunning.current = false;
      },
    });
  };
  return { ...mutation, mutate };
}
