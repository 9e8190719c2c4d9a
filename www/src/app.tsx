/** The page: a head, then one section under the other. */
import { CompaniesSection } from "./parts/companies";
import { Masthead } from "./parts/masthead";
import { QuotaSection } from "./parts/quotas";
import { RelationsSection } from "./parts/relations";
import { words } from "./words";

export function App() {
  return (
    <>
      <a class="skip" href="#content">
        {words.value.skip}
      </a>
      <Masthead />
      <main id="content" tabIndex={-1}>
        <CompaniesSection />
        <RelationsSection />
        <QuotaSection />
      </main>
      <footer class="foot">
        <p>{words.value.footer}</p>
      </footer>
    </>
  );
}
