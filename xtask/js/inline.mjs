// Writes a WebAssembly module as text for a JavaScript string; pkg-template/src/load/inlined.js reads it.
//
// The text is plain ASCII that no quote, minifier or HTML page has to escape, one character for each of the 90 bytes
// that are most frequent in this module and two for the others. So, unlike base64, every byte begins on a character
// and repeated code stays repeated text: measured on a 25,481-byte module (10,258 bytes as brotli), the text takes
// 10,631 bytes brotli where base64 takes 14,052, hex 11,281, Latin-1 characters 12,465, deflate in base64 12,073
// (and needs an inflate); and 26,685 bytes before compression where base64 takes 33,976.

const ALPHABET = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).filter(
  (character) => !'"\\<'.includes(character),
);
// The first two characters each begin a pair.
const ESCAPES = 2;
const SINGLES = ALPHABET.length - ESCAPES;

/** @param {Uint8Array} bytes */
export function inline(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte] += 1;
  const byFrequency = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b);
  const single = new Set(byFrequency.slice(0, SINGLES));
  // In front, which bytes are written with one character: 256 bits, lowest first, as 64 hexadecimal digits.
  let head = "";
  for (let byte = 0; byte < 256; byte += 4) {
    head += [0, 1, 2, 3].reduce((bits, i) => bits | (single.has(byte + i) << i), 0).toString(16);
  }
  const written = [];
  let singles = 0;
  let others = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    if (single.has(byte)) {
      written[byte] = ALPHABET[ESCAPES + singles++];
    } else {
      written[byte] = ALPHABET[Math.floor(others / ALPHABET.length)] + ALPHABET[others % ALPHABET.length];
      others += 1;
    }
  }
  return head + Array.from(bytes, (byte) => written[byte]).join("");
}
