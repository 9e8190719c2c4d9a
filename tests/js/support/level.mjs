// LevelDB as a store, with whatever needs no compiler: a database in a folder that one process has open at a time.
import { ClassicLevel } from "classic-level";

export function levelStore(folder) {
  const database = new ClassicLevel(folder);
  const store = {
    get: (key) => database.get(key),
    // On the disk before the answer counts.
    set: (key, answer) => database.put(key, answer, { sync: true }),
  };
  return { store, close: () => database.close() };
}
