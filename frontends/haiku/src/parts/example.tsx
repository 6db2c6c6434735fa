/** What hangs in an empty gallery: the best known haiku there is, and how to read one. */

import { Meaning, Verse } from "./verse";

// Matsuo Bashō, 1686; put into English for this page.
const LINES = [
  { japanese: "古池や", reading: "ふるいけや", morae: 5, english: "an old pond—" },
  { japanese: "蛙飛びこむ", reading: "かわずとびこむ", morae: 7, english: "a frog leaps in," },
  { japanese: "水の音", reading: "みずのおと", morae: 5, english: "the sound of water" },
];

export function Example() {
  return (
    <section className="example" aria-labelledby="example">
      <h2 id="example" className="section-title">
        Your haiku will hang here. Until then, the best known of all
      </h2>
      <div className="sheet-room">
        <figure className="sheet">
          <Verse lines={LINES} />
          <figcaption>
            <Meaning
              english={LINES.map((line) => line.english)}
              season={{ word: "蛙", english: "frogs", name: "spring" }}
            />
            <p className="source">
              Matsuo Bashō (<span lang="ja">松尾芭蕉</span>), 1686
            </p>
          </figcaption>
        </figure>
      </div>
      <p className="note">
        Read from the top, and from right to left. Each dot is a mora, a beat of Japanese: five, seven, five.
        The seal names the word that tells the season. Yours come with a picture and a voice for each line.
      </p>
    </section>
  );
}
