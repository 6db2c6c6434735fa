/** The picture of a line, and large when asked for. */

import { type PictureView, useModal } from "@kotonoha/shared";
import { useState } from "react";

export function Painting({ picture, onBroken }: { picture: PictureView; onBroken(): void }) {
  const [isLarge, setLarge] = useState(false);
  return (
    <>
      <button type="button" className="painting" onClick={() => setLarge(true)}>
        <img
          src={picture.url}
          alt={picture.alt}
          width={picture.width}
          height={picture.height}
          onError={onBroken}
        />
        <span className="sr-only">, show it large</span>
      </button>
      {isLarge && <Large picture={picture} onClose={() => setLarge(false)} />}
    </>
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
