// Stands for your own sign-in: who a request comes from, or nothing where nobody is signed in. Here a session is a random
// cookie that this process remembers.
import { randomUUID } from "node:crypto";

const users = new Map();

export function signIn(user) {
  const session = randomUUID();
  users.set(session, user);
  return `session=${session}; HttpOnly; SameSite=Strict; Path=/`;
}

export function userOf(request) {
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
  return users.get(session);
}
