/** The network with what steers it: search, filters, zoom, and the partners of the company selected. */
import { useRef } from "preact/hooks";
import { type NetworkHandle, NetworkView } from "../network/view";
import { OPEN, filter, found, links, neighbours, nodes, ranking, selected, sources, years } from "../results";
import { words } from "../words";
import { Exports } from "./exports";
import { Section } from "./section";

const drawable = typeof OffscreenCanvas !== "undefined" && "transferControlToOffscreen" in HTMLCanvasElement.prototype;

export function NetworkSection() {
  const text = words.value.network;
  const handle = useRef<NetworkHandle | null>(null);
  // Of two companies the table says all there is.
  if (nodes.value.length < 3 && found.value.length < 3) return null;
  return (
    <Section id="network" title={text.title} hint={text.describe(nodes.value.length, links.value.length)} wide>
      <Filters />
      <div class="network">
        <div class="network-frame">
          {drawable ? <NetworkView handle={handle} /> : <p class="notice">{text.cannotDraw}</p>}
          <div class="network-tools">
            <button type="button" aria-label={text.zoomIn} onClick={() => handle.current?.zoomBy(1.4)}>
              +
            </button>
            <button type="button" aria-label={text.zoomOut} onClick={() => handle.current?.zoomBy(1 / 1.4)}>
              −
            </button>
            <button type="button" onClick={() => handle.current?.fit()}>
              {text.fit}
            </button>
          </div>
          <p class="network-hint">{text.gestures}</p>
        </div>
        <Side />
      </div>
      <Exports picture={() => handle.current?.png()} />
    </Section>
  );
}

function Side() {
  return selected.value === null ? <Ranking /> : <Neighbours name={selected.value} />;
}

function Filters() {
  const text = words.value.network;
  const { leastWan, source, from, to } = filter.value;
  const change = (change: Partial<typeof filter.value>) => (filter.value = { ...filter.value, ...change });
  const year = (name: "from" | "to", label: string, value: number | null) => (
    <label>
      {label}
      <select
        value={value ?? ""}
        onChange={({ currentTarget }) => change({ [name]: currentTarget.value === "" ? null : Number(currentTarget.value) })}
      >
        <option value="">{text.any}</option>
        {years.value.map((year) => (
          <option key={year} value={year}>
            {year}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filters" role="search" aria-label={text.filters} onSubmit={(event) => event.preventDefault()}>
      <Search />
      <label>
        {text.least}
        <input
          type="number"
          min="0"
          step="any"
          inputMode="decimal"
          value={leastWan || ""}
          onChange={({ currentTarget }) => change({ leastWan: Math.max(0, Number(currentTarget.value) || 0) })}
        />
      </label>
      <label>
        {text.source}
        <select value={source ?? ""} onChange={({ currentTarget }) => change({ source: currentTarget.value || null })}>
          <option value="">{text.any}</option>
          {sources.value.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {year("from", text.from, from)}
      {year("to", text.to, to)}
      <button type="button" class="quiet" disabled={filter.value === OPEN} onClick={() => (filter.value = OPEN)}>
        {text.reset}
      </button>
    </form>
  );
}

function Search() {
  return (
    <label class="wide">
      {words.value.network.search}
      <input
        type="search"
        list="known-companies"
        autocomplete="off"
        value={selected.value ?? ""}
        onInput={({ currentTarget }) => find(currentTarget.value)}
      />
      {known}
    </label>
  );
}

function KnownCompanies() {
  return (
    <datalist id="known-companies">
      {ranking.value.slice(0, 200).map(({ name }) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

/** One and the same, so that its many options are gone through only when the ranking changes. */
const known = <KnownCompanies />;

/** The company meant: the very name, else the only one, or best connected one, that holds what was typed. */
function find(typed: string) {
  const wanted = typed.trim();
  if (wanted === "") selected.value = null;
  else if (nodes.value.some(({ name }) => name === wanted)) selected.value = wanted;
  else if (wanted.length >= 2) {
    const match = ranking.value.find(({ name }) => name.includes(wanted));
    if (match) selected.value = match.name;
  }
}

function Ranking() {
  const text = words.value.network;
  const top = ranking.value.slice(0, 12);
  const most = top[0]?.totalWan || 1;
  return (
    <div class="side">
      <h3>{text.ranking}</h3>
      <ol class="ranks">
        {top.map(({ name, degree, totalWan }) => (
          <li key={name}>
            <button type="button" class="rank" onClick={() => (selected.value = name)}>
              <span lang="zh-CN">{name}</span>
              <span class="amount">{words.value.money(totalWan)}</span>
              <svg class="meter" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
                <rect class="meter-used" width={(100 * totalWan) / most} height="2" />
              </svg>
              <span class="facts">{text.partners(degree)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** As many partners as are listed; the network and the table have all. */
const MOST_NEIGHBOURS = 60;

function Neighbours({ name }: { name: string }) {
  const text = words.value.network;
  return (
    <div class="side" aria-live="polite">
      <h3 lang="zh-CN">{name}</h3>
      <p class="facts">
        {text.partners(neighbours.value.length)} ·{" "}
        <button type="button" class="quiet" onClick={() => (selected.value = null)}>
          {text.back}
        </button>
      </p>
      <ul class="ranks scroll" tabIndex={0} aria-label={text.partners(neighbours.value.length)}>
        {neighbours.value.slice(0, MOST_NEIGHBOURS).map((link) => (
          <li key={link.name}>
            <button type="button" class="rank" onClick={() => (selected.value = link.name)}>
              <span lang="zh-CN">{link.name}</span>
              <span class="amount">{words.value.money(link.totalWan)}</span>
              <span class="facts">
                {text.relations(link.relationCount)} · {link.first === link.last ? link.first : `${link.first} – ${link.last}`} ·{" "}
                <span lang="zh-CN">{link.sources.join("、")}</span>
              </span>
            </button>
          </li>
        ))}
        {neighbours.value.length > MOST_NEIGHBOURS && (
          <li class="rank facts">{text.more(neighbours.value.length - MOST_NEIGHBOURS)}</li>
        )}
      </ul>
    </div>
  );
}
