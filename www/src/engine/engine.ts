/**
 * What may take long, off the page's own thread: planning, asking, the run, and all that was found. The page holds no more
 * than it shows, so that it never waits, however large the list.
 */
import { transfer } from "comlink";
import { type PartnershipRelation, planCalls, type Scan, type ScanReport } from "qcc-pro";
import { namesIn } from "./list-file";
import {
  type Answered,
  type Detour,
  type EngineEvent,
  type Filter,
  NO_COMPANY,
  type Order,
  type Partners,
  type PlanFigures,
  type Report,
} from "./messages";
import { type Problem, problemOf } from "./problem";
import { Results } from "./results";
import { openSource, type Source } from "./source";
import { writeSheet } from "./spreadsheet";
import { clearAnswers } from "./store";

/** Often enough to be seen growing. */
const REDRAW_MS = 500;
/** The page asks for the rows when it has heard that there are others: that comes first. */
const ROWS_FIRST_MS = 20;
/** The run has at least so many times what showing it takes. */
const RUN_SHARE = 4;
const MOST_PROBLEMS = 3;

export class Engine {
  #source: Promise<Source> | undefined;
  #gateway: string | null = null;
  #tell: (event: EngineEvent) => void = () => {};
  #results = new Results();
  #drawing: MessagePort | undefined;
  #asking: AbortController | undefined;
  #scan: Scan | undefined;
  #shown: number | undefined;
  #pictured: number | undefined;
  #picturing = false;
  /** What the last picture took. */
  #pictureMs = 0;

  /** To be called first. `gateway`: its address; null: the sandbox answers. */
  open(gateway: string | null, tell: (event: EngineEvent) => void) {
    this.#gateway = gateway;
    this.#tell = tell;
  }

  /** Where the graph goes to be drawn. */
  drawOn(port: MessagePort) {
    this.#drawing = port;
    this.#draw();
  }

  plan(names: string[], drawn: number): PlanFigures | Problem {
    try {
      const plan = planCalls(names);
      const { companies, pairs, calls, lowerBound, naiveCalls } = plan;
      const rows = new Map([...new Set(names)].map((name, index) => [name, index]));
      const listed = Array.from({ length: Math.min(drawn, calls) }, (_, index) => plan.call(index));
      const width = Math.max(0, ...listed.map((call) => call.length));
      const places = new Uint32Array(listed.length * width).fill(NO_COMPANY);
      listed.forEach((call, index) =>
        call.forEach((name, place) => (places[index * width + place] = rows.get(name) ?? NO_COMPANY)),
      );
      return transfer({ companies, pairs, calls, lowerBound, naiveCalls, drawn: places, width }, [places.buffer]);
    } catch (error) {
      return problemOf(error);
    }
  }

  async ask(names: string[]): Promise<Answered> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const { client } = await this.#open();
      const { relations, meta } = await client.findPartnershipRelation(names, { signal: asking.signal });
      if (asking === this.#asking) this.#replace(relations);
      const companies = new Set(relations.flatMap(({ companyName: a, relatedCompanyName: b }) => [a, b])).size;
      return { relations: relations.length, companies, meta };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  stopAsking() {
    this.#asking?.abort();
  }

  async quotas() {
    try {
      return (await (await this.#open()).client.getQuota()).quotas;
    } catch (error) {
      return problemOf(error);
    }
  }

  /** Runs to the end, telling meanwhile how far it is and what it has found. `budget`: how many calls may be paid. */
  async run(names: string[], budget: number | null): Promise<Report | Problem> {
    const detours: Detour[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const { client, pace } = await this.#open();
      const scan = (this.#scan = client.scan(names, { ...pace, ...(budget === null ? {} : { maxCalls: budget }) }));
      const progress = () => this.#tell({ type: "progress", progress: scan.progress(), detours });
      const show = () => {
        const begin = performance.now();
        progress();
        this.#publish();
        const cost = performance.now() - begin + this.#pictureMs;
        timer = setTimeout(show, Math.max(REDRAW_MS, RUN_SHARE * cost));
      };
      this.#results.replace([]);
      show();
      for await (const event of scan) {
        if (event.type === "answer") this.#results.add(event.relations);
        else if (event.type === "split") detours.push({ type: "split", companies: event.companyNames.length, into: event.into });
        else if (event.type === "unsupported") detours.push({ type: "unsupported", company: event.companyName });
      }
      const report = await scan.result();
      progress();
      this.#replace(report.relations);
      return reportOf(report);
    } catch (error) {
      return problemOf(error);
    } finally {
      clearTimeout(timer);
      this.#scan = undefined;
    }
  }

  /** Starts nothing more; what is under way ends by itself and is kept. */
  pause() {
    this.#scan?.stop();
  }

  filter(filter: Filter) {
    this.#results.filter(filter);
    this.#publish();
  }

  rows(order: Order | null, from: number, count: number): PartnershipRelation[] {
    return this.#results.rows(order, from, count);
  }

  partners(name: string): Partners {
    return this.#results.partners(name);
  }

  find(typed: string): string | null {
    return this.#results.find(typed);
  }

  namesIn(file: File): Promise<string[]> {
    return namesIn(file);
  }

  /** Companies that do not exist: the sandbox invents their relations as well. */
  async sample(count: number): Promise<string[]> {
    const { sampleCompanies } = await import("qcc-pro/sandbox");
    return sampleCompanies(count);
  }

  csv(): Blob {
    return new Blob([this.#results.graph.toCSV()], { type: "text/csv" });
  }

  gexf(): Blob {
    return new Blob([this.#results.graph.toGEXF()], { type: "application/xml" });
  }

  xlsx(head: string[]): Promise<Blob> {
    const { shown } = this.#results;
    const cells = (row: PartnershipRelation) => [
      row.companyName,
      row.relatedCompanyName,
      row.amountWan ?? row.amount,
      row.publicDate,
      row.source,
    ];
    return writeSheet(head, shown.map(cells));
  }

  clearAnswers(): Promise<void> {
    return clearAnswers();
  }

  #open(): Promise<Source> {
    return (this.#source ??= openSource(this.#gateway));
  }

  #replace(relations: readonly PartnershipRelation[]) {
    this.#results.replace(relations);
    this.#publish();
  }

  /** Tells what has changed: the rows at once, their graph when it is ready. */
  #publish() {
    if (this.#shown !== this.#results.version) {
      const { found } = this.#results;
      this.#shown = found.version;
      this.#tell({ type: "found", found });
    }
    if (this.#picturing || this.#pictured === this.#results.version) return;
    this.#picturing = true;
    setTimeout(() => void this.#depict(), ROWS_FIRST_MS);
  }

  /** The graph of what is shown, in steps between which questions are answered; begun anew where another filter came. */
  async #depict() {
    let worked = 0;
    let version;
    do {
      version = this.#results.version;
      for (const part of this.#results.prepare()) {
        worked += part;
        await new Promise((resolve) => setTimeout(resolve));
      }
    } while (this.#results.isStale);
    const begin = performance.now();
    this.#tell({ type: "picture", picture: this.#results.picture });
    this.#draw();
    this.#pictureMs = worked + performance.now() - begin;
    this.#pictured = version;
    this.#picturing = false;
    // What has come meanwhile: a run tells by itself.
    if (!this.#scan) this.#publish();
  }

  #draw() {
    if (!this.#drawing) return;
    const drawing = this.#results.drawing;
    this.#drawing.postMessage(drawing, [drawing.degrees.buffer, drawing.ends.buffer, drawing.weights.buffer]);
  }
}

function reportOf({ calls, done, unsupported, stopped, failed }: ScanReport): Report {
  const problems = failed.slice(0, MOST_PROBLEMS).map(({ error }) => problemOf(error));
  return { calls, done, unsupported, stopped, failed: failed.length, problems };
}
