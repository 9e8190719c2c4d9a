// A certificate for 127.0.0.1 that nobody's system trusts, with its key: they guard nothing, and are for these tests alone. Made with
// OpenSSL, valid from 2020 to 2120; whoever is told by NODE_EXTRA_CA_CERTS trusts it.
import { once } from "node:events";
import { createServer } from "node:https";

export const KEY = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIDbpWeKVr6EZiUJm0ERoO2lgDULQN8chyicANescgC1xoAoGCCqGSM49
AwEHoUQDQgAEZojUlz+6OpEbpT6WWMVKoqtdO6cvs/UMCjztHM6oEM7cRDMffDR+
/jyAlD/hQu9o1QNfXpMyqdYF76CpM+yKRQ==
-----END EC PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1xY2MtcHJv
IHRlc3RzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1xY2MtcHJvIHRlc3RzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZojU
lz+6OpEbpT6WWMVKoqtdO6cvs/UMCjztHM6oEM7cRDMffDR+/jyAlD/hQu9o1QNf
XpMyqdYF76CpM+yKRaNDMEEwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/
AAABMB0GA1UdDgQWBBQl6U+nXGrMP9EtCEMsaIlucT32ETAKBggqhkjOPQQDAgNJ
ADBGAiEAkxn9TBHfKA5eRujePpneiftDz+afq38IgoTLlcSuqqsCIQCB8mt985q+
zTGuVnUZrnIgYmSm+rhlmnbVI5UH2tRHzw==
-----END CERTIFICATE-----
`;

/** A server behind TLS that answers with `body`, and counts what it was asked. */
export async function startTls(t, body) {
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    tls.requests += 1;
    response.end(body);
  });
  const tls = { url: "", requests: 0 };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  tls.url = `https://127.0.0.1:${server.address().port}`;
  return tls;
}
