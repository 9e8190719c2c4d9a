// The reference, which is English, under the Chinese site too: a link from it back to the guides stays Chinese.
import { cpSync, rmSync } from "node:fs";

const [from, to] = ["reference/", "zh/reference/"].map((path) => new URL(path, import.meta.url));
rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
