// An ES module that imports the package, required: what works only as long as nothing in it awaits at its top level.
require("./main.mjs");
