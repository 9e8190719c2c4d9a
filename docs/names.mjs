// For TypeDoc: calls each module by the name it is imported by.
import { Converter, ReflectionKind } from "typedoc";

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = module.name === "index" ? "qcc-pro" : `qcc-pro/${module.name}`;
    }
  });
}
