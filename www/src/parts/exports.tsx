/** What is shown, to take along: as a table, as a graph, as a picture. */
import { useState } from "preact/hooks";
import { engine } from "../engine";
import { words } from "../words";

export function Exports({ picture }: { picture: () => Promise<Blob> | undefined }) {
  const text = words.value.exports;
  const [failed, setFailed] = useState<string | null>(null);
  const formats: readonly (readonly [name: string, make: () => Promise<Blob> | undefined])[] = [
    ["csv", () => engine.csv()],
    ["xlsx", () => engine.xlsx(columns())],
    ["gexf", () => engine.gexf()],
    ["png", picture],
  ];
  const take = async (name: string, make: (typeof formats)[number][1]) => {
    setFailed(null);
    try {
      const blob = await make();
      if (blob) save(blob, `qcc-relations.${name}`);
    } catch (error) {
      setFailed(String(error));
    }
  };
  return (
    <div class="exports">
      <span>{text.title}</span>
      {formats.map(([name, make]) => (
        <button key={name} type="button" class="quiet" onClick={() => void take(name, make)}>
          {name.toUpperCase()}
        </button>
      ))}
      {failed && <span role="alert">{failed}</span>}
    </div>
  );
}

const columns = () => {
  const text = words.value.relations;
  return [text.companyName, text.relatedCompanyName, `${text.amount} (${text.unit})`, text.publicDate, text.source];
};

function save(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // The download has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
