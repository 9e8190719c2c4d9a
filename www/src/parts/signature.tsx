/** How a request is signed, shown on the sandbox's account: what is joined, what comes out, which of it travels. */
import { useEffect, useState } from "preact/hooks";
import { usePackage } from "../package";
import { words } from "../words";
import { Section } from "./section";

const now = () => Math.floor(Date.now() / 1000);

export function SignatureSection() {
  const text = words.value.signature;
  const loaded = usePackage();
  const [timespan, setTimespan] = useState(now);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setInterval(() => setTimespan(now()), 1000);
    return () => clearInterval(timer);
  }, [held]);
  if (loaded === null) return null;
  const { SANDBOX_KEY: key, SANDBOX_SECRET_KEY: secretKey, sign } = loaded;
  const { Token } = sign({ key, secretKey, timespan });
  const parts = [
    ["key", key, text.key],
    ["timespan", String(timespan), text.timespan],
    ["secret", secretKey, text.secret],
  ] as const;
  return (
    <Section id="signature" title={text.title} hint={text.hint}>
      <dl class="parts">
        {parts.map(([name, value, label]) => (
          <div key={name} class={`part ${name}`}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="formula">
        <p class="facts">{text.joined}</p>
        <p class="joined">
          MD5(
          {parts.map(([name, value]) => (
            <span key={name} class={`mark ${name}`}>
              {value}
            </span>
          ))}
          )
        </p>
        <p class="facts">{text.result}</p>
        <p class="token" data-token>
          {Token}
        </p>
      </div>
      <p class="facts">{text.travels}</p>
      <pre class="wire" tabIndex={0} aria-label={text.travels}>
        GET /api/corp/correlation/findPartnershipRelation?key={key}&companyNames=…{"\n"}
        Timespan: {timespan}
        {"\n"}
        Token: {Token}
      </pre>
      <div class="actions">
        <button type="button" aria-pressed={held} onClick={() => setHeld(!held)}>
          {held ? text.go : text.hold}
        </button>
        <span class="facts">{text.warning}</span>
      </div>
    </Section>
  );
}
