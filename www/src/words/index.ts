/** The words of the language chosen: a part that reads `words.value` follows a switch at once. */
import { computed } from "@preact/signals";
import { language } from "../settings";
import { en } from "./en";
import { zh } from "./zh";

export type { Words } from "./zh";

export const words = computed(() => (language.value === "zh" ? zh : en));
