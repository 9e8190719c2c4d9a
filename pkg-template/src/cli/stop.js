/** Ctrl-C and its like: the first ends what is under way in order, the second ends it at once. */

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * @param {(signal: string) => void} first called once
 * @returns {() => void} stops listening
 */
export function onStop(first) {
  let told = false;
  const listener = (signal) => {
    if (told) process.exit(SIGNALS[signal]);
    told = true;
    first(signal);
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, listener);
  return () => {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, listener);
  };
}
