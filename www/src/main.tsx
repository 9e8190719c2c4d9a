import { render } from "preact";
import { App } from "./app";
import { sourceKind } from "./engine";
import { refreshQuotas } from "./quotas";
import { recallRun } from "./run";
import { applySettings } from "./settings";
import "./style/base.css";
import "./style/explain.css";
import "./style/page.css";
import "./style/plan.css";
import "./style/results.css";
import { words } from "./words";

applySettings(() => `${words.value.title} · qcc-pro`);
render(<App />, document.getElementById("app")!);
// In the sandbox nothing costs anything.
if (sourceKind === "sandbox") void refreshQuotas();
void recallRun();
