// Parts a WebAssembly module into streams, so that like stands beside like: all opcodes, all numbers of locals, all offsets,
// all constants. brotli finds more in them than where they alternate: core.wasm, 290 KB, takes 108 KB as it is and 96 KB
// parted. It costs four milliseconds at the first use. pkg-template/src/load/joiner.wat puts it together again, byte for byte.
//
// A parted module:
//   16 numbers of four bytes   how long each stream is (0: the main one)
//   256 numbers of two bytes   for each opcode, the streams its immediates come from, lowest four bits first
//   the streams                in the order 1 … 15, 0
//
// The main stream is the module from its first byte to its last, but of an instruction only the opcode is there, and three
// bytes that are no opcodes here mean something else: see below. Every immediate in another stream ends with its first byte
// below 128, as all of the format's numbers do (the specification calls them LEB128).

/** So many bytes (two bytes tell) follow as they are: what is no code, and instructions that are of another shape. */
const VERBATIM = 0xff;
/** A function begins: the list of its locals comes from their stream, after one byte that tells how long it is. */
const BEGIN = 0xfe;
/** It ends: only now is it known how long it is, which goes before it. */
const END = 0xfb;

const CODE_SECTION = 10;
const STREAMS = 16;
const HEAD = STREAMS * 4 + 256 * 2;

const [LOCALS, BLOCK, LABEL, FUNCTION, TYPE, TABLE, LOCAL, GLOBAL, ALIGNMENT, OFFSET, I32, I64, SUBCODE] = Array.from(
  { length: 13 },
  (_, i) => i + 1,
);

/** The streams of an opcode's immediates. */
const SHAPES = new Map();
const shape = (first, last, ...streams) => {
  for (let opcode = first; opcode <= last; opcode += 1) SHAPES.set(opcode, streams);
};
shape(0x00, 0x01); // unreachable, nop
shape(0x02, 0x04, BLOCK); // block, loop, if
shape(0x05, 0x05); // else
shape(0x0b, 0x0b); // end
shape(0x0c, 0x0d, LABEL); // br, br_if
shape(0x0f, 0x0f); // return
shape(0x10, 0x10, FUNCTION); // call
shape(0x11, 0x11, TYPE, TABLE); // call_indirect
shape(0x1a, 0x1b); // drop, select
shape(0x20, 0x22, LOCAL); // local.get, local.set, local.tee
shape(0x23, 0x24, GLOBAL); // global.get, global.set
shape(0x25, 0x26, TABLE); // table.get, table.set
shape(0x28, 0x3e, ALIGNMENT, OFFSET); // loads and stores
shape(0x3f, 0x40, TABLE); // memory.size, memory.grow
shape(0x41, 0x41, I32); // i32.const
shape(0x42, 0x42, I64); // i64.const
shape(0x45, 0xc4); // comparisons, arithmetic, conversions
shape(0xfc, 0xfc, SUBCODE, TABLE, TABLE); // memory.copy; what else begins so is verbatim
shape(0xfd, 0xfd, SUBCODE, ALIGNMENT, OFFSET); // v128.load … v128.store; what else begins so is verbatim

/** @param {Uint8Array} module */
export function part(module) {
  const streams = Array.from({ length: STREAMS }, () => []);
  let place = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[place++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const verbatim = (from, to) => {
    for (let start = from; start < to; start += 0xffff) {
      const bytes = module.subarray(start, Math.min(to, start + 0xffff));
      streams[0].push(VERBATIM, bytes.length & 255, bytes.length >> 8, ...bytes);
    }
  };
  const move = (stream) => {
    const from = place;
    number();
    streams[stream].push(...module.subarray(from, place));
  };

  const instruction = () => {
    const from = place;
    const opcode = module[place++];
    const sub = opcode >= 0xfc ? number() : undefined;
    if (opcode === 0xfc ? sub === 10 : opcode === 0xfd ? sub <= 11 : SHAPES.has(opcode)) {
      place = from + 1;
      streams[0].push(opcode);
      SHAPES.get(opcode).forEach(move);
      return;
    }
    if (opcode === 0x0e) {
      // br_table
      for (let labels = number() + 1; labels > 0; labels -= 1) number();
    } else if (opcode === 0x1c) {
      // select of a type
      place += number();
    } else if (opcode === 0x43) {
      place += 4;
    } else if (opcode === 0x44) {
      place += 8;
    } else if (opcode === 0xd0) {
      number();
    } else if (opcode === 0xfc && (sub <= 7 || [11, 15, 16, 17].includes(sub))) {
      // Conversions to integers have none; memory.fill, table.grow, table.size and table.fill have one.
      if (sub > 7) number();
    } else if (opcode === 0xfd && sub <= 13) {
      // v128.const, i8x16.shuffle
      place += 16;
    } else if (opcode === 0xfd && sub >= 21 && sub <= 34) {
      // A lane of a vector.
      place += 1;
    } else if (opcode === 0xfd && sub >= 84 && sub <= 93) {
      // Loads and stores of a lane, and loads with zeros.
      number();
      number();
      if (sub <= 91) place += 1;
    } else if (opcode !== 0xfd || sub > 0xff) {
      throw new Error(`an instruction that nobody has told of: ${opcode} ${sub ?? ""}`);
    }
    verbatim(from, place);
  };

  let copied = 0;
  place = 8;
  while (place < module.length) {
    const section = module[place++];
    const length = number();
    const end = place + length;
    if (section === CODE_SECTION) {
      let functions = number();
      verbatim(copied, place);
      for (; functions > 0; functions -= 1) {
        const size = number();
        const last = place + size;
        streams[0].push(BEGIN);
        const from = place;
        for (let groups = number(); groups > 0; groups -= 1) {
          number();
          number();
        }
        if (place - from > 255) throw new Error("a function with too many locals");
        streams[LOCALS].push(place - from, ...module.subarray(from, place));
        while (place < last) instruction();
        if (place !== last) throw new Error("a function ends within an instruction");
        streams[0].push(END);
      }
      copied = place;
    }
    place = end;
  }
  verbatim(copied, module.length);

  const head = new DataView(new ArrayBuffer(HEAD));
  streams.forEach((stream, i) => head.setUint32(i * 4, stream.length, true));
  for (const [opcode, list] of SHAPES) {
    head.setUint16(
      STREAMS * 4 + opcode * 2,
      list.reduceRight((shapes, stream) => (shapes << 4) | stream, 0),
      true,
    );
  }
  const [main, ...others] = streams;
  const parted = Uint8Array.from([...new Uint8Array(head.buffer), ...others.flat(), ...main]);
  // It is what the loader makes room by.
  if (parted.length < module.length) throw new Error("the parts are shorter than the module");
  return parted;
}
