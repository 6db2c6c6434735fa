/** All that an app may use. */

export * from "./api";
export { useDraft } from "./draft";
export { alignFurigana, cutMorae } from "./furigana";
export { start, useConnection, useKotonoha, useStanding } from "./kotonoha";
export { useKey } from "./once";
export { Announcer, useAnnounce } from "./parts/announce";
export { Complaint } from "./parts/complaint";
export { Confirm } from "./parts/confirm";
export { Frame } from "./parts/frame";
export { Furigana, useFurigana } from "./parts/furigana";
export { Patience } from "./parts/patience";
export { Timeline, tellCost } from "./parts/timeline";
export { Toast, Toasts } from "./parts/toast";
export { type Link as MediaLink, type Player, SPEEDS, usePlayer } from "./player";
export { usePreference } from "./preferences";
export { Problem, tellProblem } from "./problem";
export { useUndo } from "./undo";
export { useFreshLinks } from "./use_fresh";
export { type Following, useRequest } from "./use_request";
