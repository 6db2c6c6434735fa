/** All that an app may use. */

export * from "./api";
export { useDraft } from "./draft";
export { cutMorae } from "./furigana";
export { start } from "./kotonoha";
export { useKey, useOneAtATime } from "./once";
export { Announcer, useAnnounce } from "./parts/announce";
export { Complaint } from "./parts/complaint";
export { Confirm } from "./parts/confirm";
export { Field } from "./parts/field";
export { Frame } from "./parts/frame";
export { Furigana } from "./parts/furigana";
export { useModal } from "./parts/modal";
export { Patience } from "./parts/patience";
export { Timeline, tellCost } from "./parts/timeline";
export { Toast, Toasts } from "./parts/toast";
export { Words } from "./parts/words";
export { type Player, SPEEDS, usePlayer } from "./player";
export { Problem, readProblem } from "./problem";
export { useUndo } from "./undo";
export { useFreshLinks } from "./use_fresh";
export { useRequest } from "./use_request";
