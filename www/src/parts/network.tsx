/** The network with what steers it: search, filters, zoom, and the partners of the company selected. */
import { useRef } from "preact/hooks";
import { found, picture } from "../engine";
import { OPEN } from "../engine/messages";
import { filter, partners, search, selected } from "../results";
import { type NetworkHandle, NetworkView } from "../network/view";
import { words } from "../words";
import { Exports } from "./exports";
import { Section } from "./section";

const drawable = typeof OffscreenCanvas !== "undefined" && "transferControlToOffscreen" in HTMLCanvasElement.prototype;

export function NetworkSection() {
  const text = words.value.network;
  const handle = useRef<NetworkHandle | null>(null);
  // Of two companies the table says all there is.
  const { companies, links } = picture.value;
  if (companies < 3 && found.value.relations < 3) return null;
  return (
    <Section id="network" title={text.title} hint={text.describe(companies, links)} wide>
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
        {found.value.years.map((year) => (
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
          {found.value.sources.map((name) => (
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
        onInput={({ currentTarget }) => void search(currentTarget.value)}
      />
      {known}
    </label>
  );
}

function KnownCompanies() {
  return (
    <datalist id="known-companies">
      {picture.value.ranking.map(({ name }) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

/** One and the same, so that its many options are gone through only when the ranking changes. */
const known = <KnownCompanies />;

function Ranking() {
  const text = words.value.network;
  const top = picture.value.ranking.slice(0, 12);
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

function Neighbours({ name }: { name: string }) {
  const text = words.value.network;
  // Those of the one before until its own have come.
  const list = partners.value;
  if (list === null) return <div class="side" />;
  return (
    <div class="side" aria-live="polite" aria-busy={list.name !== name}>
      <h3 lang="zh-CN">{list.name}</h3>
      <p class="facts">
        {text.partners(list.count)} ·{" "}
        <button type="button" class="quiet" onClick={() => (selected.value = null)}>
          {text.back}
        </button>
      </p>
      <ul class="ranks scroll" tabIndex={0} aria-label={text.partners(list.count)}>
        {list.links.map((link) => (
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
        {list.count > list.links.length && <li class="rank facts">{text.more(list.count - list.links.length)}</li>}
      </ul>
    </div>
  );
}
