import { render } from "preact";
import { App } from "./app";
import { refreshQuotas } from "./quotas";
import { applySettings } from "./settings";
import "./style/base.css";
import "./style/explain.css";
import "./style/page.css";
import "./style/results.css";
import { words } from "./words";

applySettings(() => `${words.value.title} · qcc-pro`);
render(<App />, document.getElementById("app")!);
void refreshQuotas();
