// A sandbox in a process of its own, so that whoever asks it can be killed. Started by `startSandbox`, it tells each call.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createSandbox } from "qcc-pro/sandbox";

const self = fileURLToPath(import.meta.url);

if (process.argv[1] === self) {
  const onCall = ({ companyNames, billed, status }) => process.send({ names: companyNames.split(","), billed, status });
  const sandbox = createSandbox({ ...JSON.parse(process.argv[2]), trackRepeats: true, onCall });
  process.on("message", ({ faults }) => {
    if (faults) sandbox.setFaults(faults);
    process.send({ stats: sandbox.stats() });
  });
  process.on("disconnect", () => process.exit());
  process.send({ url: (await sandbox.listen()).url });
}

/**
 * Starts one for the test `t`. `calls` are those told so far: `{ names, billed, status }`; `called(n)` waits until there are
 * n of them.
 */
export async function startSandbox(t, options) {
  const child = fork(self, [JSON.stringify(options)]);
  t.after(() => child.kill());
  const [{ url }] = await once(child, "message");
  const calls = [];
  let changed = () => {};
  const answers = [];
  child.on("message", (message) => {
    if (message.stats) answers.shift()(message.stats);
    else calls.push(message);
    changed();
  });
  const tell = (message) =>
    new Promise((resolve) => {
      answers.push(resolve);
      child.send(message);
    });
  return {
    url,
    calls,
    stats: () => tell({}),
    setFaults: (faults) => tell({ faults }),
    async called(count) {
      while (calls.length < count) await new Promise((resolve) => (changed = resolve));
    },
  };
}
