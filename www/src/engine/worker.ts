/** The engine in its worker. */
import { expose } from "comlink";
import { Engine } from "./engine";

expose(new Engine());
