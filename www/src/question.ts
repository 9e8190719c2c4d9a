/** The list of companies, and the question asked about it. */
import { computed, signal } from "@preact/signals";
import { engine } from "./engine";
import type { Answered } from "./engine/messages";
import type { Problem } from "./engine/problem";
import { selected } from "./results";

/** The pair in the vendor's document. */
export const EXAMPLE = ["企查查科技股份有限公司", "大连银行股份有限公司"];

/** What stands in the field. */
export const listText = signal(EXAMPLE.join("\n"));

/** A name per line. An ASCII comma parts nothing: `Foo Co., Ltd.` would become two names that nobody meant. */
export const names = computed(() =>
  listText.value
    .split(/[\n\r\t;；、]+/)
    .map((name) => name.trim())
    .filter((name) => name !== ""),
);

/** As many as one call takes. */
export const CALL_SIZE = 20;

export type Answer =
  | { state: "none" }
  | { state: "asking" }
  | ({ state: "found" } & Exclude<Answered, { problem: Problem }>)
  | { state: "failed"; problem: Problem };

export const answer = signal<Answer>({ state: "none" });

let questions = 0;

export async function ask() {
  const number = ++questions;
  answer.value = { state: "asking" };
  selected.value = null;
  const answered = await engine.ask(names.value);
  // An answer that another question has overtaken is not shown.
  if (number !== questions) return;
  answer.value = answered.problem ? { state: "failed", problem: answered.problem } : { state: "found", ...answered };
}

export function stop() {
  void engine.stopAsking();
}
