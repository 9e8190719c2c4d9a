/** The head of the page: whose page it is, what it does, its language and appearance. */
import { sourceKind } from "../engine";
import { language, theme } from "../settings";
import { words } from "../words";
import { Choice } from "./choice";

export function Masthead() {
  const { title, tagline, lead, themes, ...text } = words.value;
  return (
    <header class="masthead">
      <div class="bar">
        <p class="brand">
          <Seal />
          <span>qcc-pro</span>
        </p>
        <p class="source">
          <span>{text.source.label}</span> {text.source[sourceKind]}
        </p>
        <Choice
          name="language"
          legend={text.language}
          value={language}
          choices={[
            ["zh", "中文", "zh-CN"],
            ["en", "English", "en"],
          ]}
        />
        <Choice
          name="theme"
          legend={text.theme}
          value={theme}
          choices={[
            ["auto", themes.auto],
            ["light", themes.light],
            ["dark", themes.dark],
          ]}
        />
      </div>
      <div class="hero">
        <h1>
          <span class="unseen">{title}: </span>
          {tagline}
        </h1>
        <p>{lead}</p>
      </div>
    </header>
  );
}

/** The same drawing as in public/seal.svg, in the page's colours. */
function Seal() {
  return (
    <svg class="seal" viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="12" />
      <path d="M18 19 46 25M18 19 30 47M46 25 30 47" />
      <circle cx="18" cy="19" r="7" />
      <circle cx="46" cy="25" r="6" />
      <circle cx="30" cy="47" r="8" />
    </svg>
  );
}
