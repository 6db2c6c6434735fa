/** The picture of a line, and large when asked for; or, where its file is not to be had, that it is not. */

import { type PictureView, useModal } from "@kotonoha/shared";
import { useState } from "react";
import { Again } from "./icons";

/** `renew` brings links that are good from now on: one that opens nothing may only have ended. */
export function Painting({ picture, renew }: { picture: PictureView; renew(): Promise<void> }) {
  const [isLarge, setLarge] = useState(false);
  const [failures, setFailures] = useState(0);
  const [fetches, setFetches] = useState(0);
  const fetchAgain = () => renew().finally(() => setFetches((before) => before + 1));
  const fail = () => {
    setFailures(failures + 1);
    if (failures === 0) fetchAgain();
  };
  const begin = () => fetchAgain().finally(() => setFailures(0));
  if (failures === 2) return <Unfetched onAgain={begin} />;
  return (
    <>
      <button type="button" className="painting" onClick={() => setLarge(true)}>
        <img
          key={fetches}
          src={picture.url}
          alt={picture.alt}
          width={picture.width}
          height={picture.height}
          onLoad={() => setFailures(0)}
          onError={fail}
        />
        <span className="sr-only">, show it large</span>
      </button>
      {isLarge && <Large picture={picture} onClose={() => setLarge(false)} />}
    </>
  );
}

function Unfetched({ onAgain }: { onAgain(): void }) {
  return (
    <div
      className="missing failed"
      data-what="picture"
      role="group"
      aria-label="The picture cannot be fetched"
    >
      <p>This picture was painted, but it cannot be fetched from where files are kept.</p>
      <button type="button" className="button small" onClick={onAgain}>
        <Again /> Fetch it again
      </button>
    </div>
  );
}

function Large({ picture, onClose }: { picture: PictureView; onClose(): void }) {
  const dialog = useModal();
  return (
    <dialog ref={dialog} className="dialog large" aria-label={picture.alt} closedby="any" onClose={onClose}>
      <img src={picture.url} alt="" width={picture.width} height={picture.height} />
      <p>{picture.alt}</p>
      <p className="alt" lang="ja">
        {picture.alt_japanese}
      </p>
      <button type="button" className="button small" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
