/** The page: a head, then one section under the other. */
import { broken } from "./engine";
import { CompaniesSection } from "./parts/companies";
import { FaultSection } from "./parts/faults";
import { Masthead } from "./parts/masthead";
import { NetworkSection } from "./parts/network";
import { PlanSection } from "./parts/plan";
import { QuotaSection } from "./parts/quotas";
import { RelationsSection } from "./parts/relations";
import { RunSection } from "./parts/run";
import { SignatureSection } from "./parts/signature";
import { TimelineSection } from "./parts/timeline";
import { words } from "./words";

export function App() {
  return (
    <>
      <a class="skip" href="#content">
        {words.value.skip}
      </a>
      <Masthead />
      <main id="content" tabIndex={-1}>
        {broken.value && (
          <p class="failure" role="alert">
            {words.value.broken}
          </p>
        )}
        <CompaniesSection />
        <PlanSection />
        <RunSection />
        <NetworkSection />
        <TimelineSection />
        <RelationsSection />
        <QuotaSection />
        <SignatureSection />
        <FaultSection />
      </main>
      <footer class="foot">
        <p>{words.value.footer}</p>
      </footer>
    </>
  );
}
