import * as main from "qcc-pro";
import * as sandbox from "qcc-pro/sandbox";
import { calls } from "./calls.mjs";

self.onmessage = ({ data }) => {
  calls({ main, sandbox }, data).then(
    (answers) => self.postMessage(answers),
    (error) => self.postMessage({ failed: `${error} ${error.stack}` }),
  );
};
