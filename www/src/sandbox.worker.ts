/** The sandbox that answers a run, off the page's thread: a real one would not take the page's time either. */
import { createSandbox } from "qcc-pro/sandbox";

/** About what a nearby server takes, so that a run can be watched. */
const LATENCY_MS = 40;

export interface Question {
  number: number;
  url: string;
  headers: Record<string, string>;
}

export interface Reply {
  number: number;
  status: number;
  headers: [string, string][];
  body: string;
}

const sandbox = createSandbox({ latencyMs: LATENCY_MS });

onmessage = async ({ data: { number, url, headers } }: MessageEvent<Question>) => {
  const response = await sandbox.fetch(url, { headers });
  const reply: Reply = {
    number,
    status: response.status,
    headers: [...response.headers],
    body: await response.text(),
  };
  postMessage(reply);
};
