/** The list of companies, and the question asked about it. */
import { computed, signal } from "@preact/signals";
import type { PartnershipRelation, ResultMeta } from "qcc-pro";
import { found, selected } from "./results";
import { client } from "./source";

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
  | { state: "found"; relations: PartnershipRelation[]; meta: ResultMeta }
  | { state: "failed"; error: unknown };

export const answer = signal<Answer>({ state: "none" });

let current: AbortController | undefined;

export async function ask() {
  current?.abort();
  const question = (current = new AbortController());
  answer.value = { state: "asking" };
  let next: Answer;
  try {
    const { relations, meta } = await (await client()).findPartnershipRelation(names.value, { signal: question.signal });
    next = { state: "found", relations, meta };
  } catch (error) {
    next = { state: "failed", error };
  }
  // An answer that another question has overtaken is not shown.
  if (current !== question) return;
  answer.value = next;
  if (next.state === "found") {
    selected.value = null;
    found.value = next.relations;
  }
}

export function stop() {
  current?.abort();
}
