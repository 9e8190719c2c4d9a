// The gateway as a route handler of Next.js: this file is app/api/qcc/[...path]/route.js there. Key and secret key come
// from the environment: QCC_KEY, QCC_SECRET_KEY.
import { createGateway } from "qcc-pro/gateway";
import { userOf } from "../../../../../session.mjs";

const gateway = createGateway({ authorize: userOf });

export { gateway as GET, gateway as OPTIONS };
