//! Bytes eight at a time: what the scanner, the tables of texts and the comparison of names do all day.
//!
//! In WebAssembly `==` on slices and `memchr` are calls that go byte by byte; these are a few instructions a step.

#[cfg(target_feature = "simd128")]
use super::lanes::Ahead;
use super::lanes::Lanes;
use super::room::Room;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;
const SEED: u64 = 0x243F_6A88_85A3_08D3;

/// Sets the high bit of each byte of `word` that is nought. Above the first one a borrow may set more, which does no harm to
/// whoever looks for the first.
#[inline(always)]
const fn zeroes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// As [`zeroes`], of each byte that is `byte`.
#[inline(always)]
const fn equals(word: u64, byte: u8) -> u64 {
    zeroes(word ^ (ONES * byte as u64))
}

/// A text of up to eight bytes as one word, noughts above it.
#[inline(always)]
pub fn short_word(bytes: &[u8]) -> Option<u64> {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // The four bytes in front and the four at the end, which may be the same ones.
        (Some(first), Some(last)) if bytes.len() <= 8 => {
            let last = u64::from(u32::from_le_bytes(*last)) << (8 * (bytes.len() - 4));
            Some(u64::from(u32::from_le_bytes(*first)) | last)
        }
        (None, None) => Some(bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))),
        _ => None,
    }
}

/// The eight bytes from `at` on, the first of them lowest.
#[inline(always)]
pub fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// One step of a hash.
#[inline(always)]
pub const fn mix(state: u64, word: u64) -> u64 {
    (state.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A hash for a table that lives as long as one answer: quick, and no defence against chosen texts.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn hash(bytes: &[u8]) -> u32 {
    let (chunks, rest) = bytes.as_chunks();
    let state = chunks.iter().fold(SEED, |state, chunk| mix(state, u64::from_le_bytes(*chunk)));
    finish(state, short_word(rest).unwrap_or_default(), bytes.len())
}

/// `rest` is what is left after the last eight bytes, noughts above it.
#[inline(always)]
const fn finish(state: u64, rest: u64, length: usize) -> u32 {
    (mix(mix(state, rest), length as u64) >> 32) as u32
}

/// So many bytes are looked at together, where a key of up to 24 and the beginning of its value stand.
pub const AHEAD: usize = 48;

/// The bytes from `at` on, noughts behind the last. One look at where they end instead of one for each word; `spare` is where
/// the last ones of all go.
#[inline(always)]
pub fn ahead<'b>(bytes: &'b [u8], at: usize, spare: &'b mut [u8; AHEAD]) -> &'b [u8; AHEAD] {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(next) => next,
        None => last_ahead(bytes, at, spare),
    }
}

#[cold]
#[inline(never)]
fn last_ahead<'b>(bytes: &[u8], at: usize, spare: &'b mut [u8; AHEAD]) -> &'b [u8; AHEAD] {
    *spare = [0; AHEAD];
    for (slot, byte) in spare.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
        *slot = *byte;
    }
    spare
}

/// Whether the bytes begin with `expected`, which has 8 to 24.
#[inline(always)]
pub fn begins<const N: usize>(next: &[u8; AHEAD], expected: &[u8; N]) -> bool {
    let differs = |at| word_at(next, at) != word_at(expected, at);
    !(differs(0) || (N > 16 && differs(8)) || differs(N - 8))
}

/// Whether the two are the same.
#[inline(always)]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && match (left.last_chunk(), right.last_chunk()) {
            (Some(left_last), Some(right_last)) => {
                let (left_chunks, right_chunks) = (left.as_chunks().0, right.as_chunks().0);
                // The last sixteen bytes, some of them for the second time: what is left over has no length of its own to go through.
                let differing = |a, b| Lanes::of(a).differing(Lanes::of(b));
                let steps = left_chunks.iter().zip(right_chunks).map(|(a, b)| differing(a, b));
                steps.fold(differing(left_last, right_last), Lanes::or).is_nought()
            }
            _ => same_short(left, right),
        }
}

/// Whether the first `length` bytes, at least one, are the same from both places on: up to 48 without a branch that hangs on the
/// length, which is another for each text.
#[inline(always)]
pub fn same_at(bytes: &[u8], left: usize, right: usize, length: usize) -> bool {
    let block = |at: usize| -> Option<&[u8; AHEAD]> { bytes.get(at..)?.first_chunk() };
    if length <= AHEAD
        && let (Some(left), Some(right)) = (block(left), block(right))
    {
        let (left, right) = (left.as_chunks().0, right.as_chunks().0);
        let alike = |at: usize| match (left.get(at), right.get(at)) {
            (Some(left), Some(right)) => u64::from(Lanes::of(left).alike(Lanes::of(right))) << (16 * at),
            _ => 0,
        };
        return !(alike(0) | alike(1) | alike(2)) << (64 - length) == 0;
    }
    let text = |at: usize| bytes.get(at..at + length);
    matches!((text(left), text(right)), (Some(left), Some(right)) if same(left, right))
}

/// As [`same`], of two that are shorter than sixteen bytes and of one length.
#[inline(never)]
#[cfg_attr(wasm_module, optimize(speed))]
fn same_short(left: &[u8], right: &[u8]) -> bool {
    match (left.last_chunk(), right.last_chunk()) {
        (Some(left_last), Some(right_last)) => {
            let differs = u64::from_le_bytes(*left_last) ^ u64::from_le_bytes(*right_last);
            differs == 0 && word_at(left, 0) == word_at(right, 0)
        }
        _ => left.iter().zip(right).all(|(a, b)| a == b),
    }
}

/// Whether there is a half-width bracket.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn has_bracket(bytes: &[u8]) -> bool {
    // The two differ in their lowest bit.
    let (chunks, rest) = bytes.as_chunks();
    chunks.iter().any(|chunk| equals(u64::from_le_bytes(*chunk) | ONES, b')') != 0)
        || rest.iter().any(|byte| byte | 1 == b')')
}

/// The text, if it is UTF-8. ASCII and what is written with three bytes, as Chinese is, are looked at here, eight bytes at a
/// time and without a branch; where there is anything else the standard library decides.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn utf8(bytes: &[u8]) -> Option<&str> {
    let (words, rest) = bytes.as_chunks();
    let mut shape = Shape::default();
    for word in words {
        shape.add(u64::from_le_bytes(*word));
    }
    // Noughts, which are ASCII, behind the last bytes: nothing may be open there.
    shape.add(short_word(rest).unwrap_or_default());
    shape.text(bytes)
}

/// The text from `at` on to its closing quote, and where that stands. `None` where an escape, a control character or the end
/// of the bytes is nearer, and where it is not UTF-8.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn plain_text(bytes: &[u8], at: usize) -> Option<(&str, usize)> {
    let mut shape = Shape::default();
    let mut end = at;
    loop {
        // Noughts behind the last bytes stop it.
        let word = word_at(bytes, end).or_else(|| short_word(bytes.get(end..)?))?;
        let stops = hits(word);
        if stops == 0 {
            shape.add(word);
            end += 8;
            continue;
        }
        let bits = stops.trailing_zeros() & !7;
        shape.add(word & !(u64::MAX << bits));
        end += (bits / 8) as usize;
        let text = bytes.get(at..end).filter(|_| bytes.get(end) == Some(&b'"'))?;
        return Some((shape.text(text)?, end));
    }
}

/// As [`plain_text`], of a text that begins with a character of three bytes, as Chinese does: checked and written to `units` as
/// UTF-16 in one go, without claiming the room: what is claimed then comes third. `None` also where it has characters of two or
/// four bytes, and where the bytes end soon.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn wide_text<'a>(bytes: &'a [u8], at: usize, units: &mut Room<u16>) -> Option<(&'a str, usize, usize)> {
    let (mut end, mut taken) = (at, units.taken);
    if bytes.get(at)? >> 4 != 0xE {
        return None;
    }
    loop {
        let next: &[u8; 16] = bytes.get(end..)?.first_chunk()?;
        let slots = units.behind(taken, 8).first_chunk_mut()?;
        let (count, length) =
            if next[0] & 0x80 == 0 { ascii_run(next, slots) } else { wide_run(next, slots)? };
        if length == 0 {
            break;
        }
        (taken, end) = (taken + count, end + length);
    }
    // SAFETY: every character is ASCII, or three bytes that begin with 0xE1 to 0xEC, 0xEE or 0xEF and go on with two from 0x80
    // to 0xBF, which is UTF-8 whatever these are.
    let text = bytes.get(at..end).filter(|_| bytes.get(end) == Some(&b'"'));
    text.map(|text| (unsafe { std::str::from_utf8_unchecked(text) }, end, taken))
}

/// Writes characters of three bytes that come next: how many, and how many bytes they are. `None` where the first is none, or
/// one begins with 0xE0 or 0xED, which must not be followed by every byte.
#[inline(always)]
fn wide_run(next: &[u8; 16], slots: &mut [u16; 8]) -> Option<(usize, usize)> {
    #[cfg(target_feature = "simd128")]
    {
        let (expected, odd) = Ahead::of(next).write_wide(slots);
        // All four by a branch, which is foreseen: what comes behind them needs not wait for the count.
        let count = if expected == 0xFFF { 4 } else { (!expected).trailing_zeros() as usize / 3 };
        let is_odd = odd & ((1 << (3 * count)) - 1) != 0;
        (count > 0 && !is_odd).then_some((count, 3 * count))
    }
    #[cfg(not(target_feature = "simd128"))]
    {
        let [first, second, third, ..] = *next;
        let is_wide = first >> 4 == 0xE && (second & third) >> 6 == 2 && (second | third) >> 6 == 2;
        let part = |byte: u8, place: u32| u16::from(byte & 0x3F) << place;
        slots[0] = part(first, 12) | part(second, 6) | part(third, 0);
        (is_wide && !matches!(first, 0xE0 | 0xED)).then_some((1, 3))
    }
}

/// Writes ASCII that comes next, up to a quote, an escape or a control character: how many, twice.
#[inline(always)]
fn ascii_run(next: &[u8; 16], slots: &mut [u16; 8]) -> (usize, usize) {
    #[cfg(target_feature = "simd128")]
    let count = Ahead::of(next).write_ascii(slots);
    #[cfg(not(target_feature = "simd128"))]
    let count = {
        slots[0] = u16::from(next[0]);
        usize::from(matches!(next[0], 0x20..=b'[' | b']'..=0x7F) && next[0] != b'"')
    };
    (count, count)
}

/// What is known of the bytes so far, in the high bit of each byte of a word.
#[derive(Default)]
struct Shape {
    /// The bytes of the next word that must continue a character.
    open: u64,
    /// Where something is not ASCII and not of three bytes, or has to be looked at closer.
    odd: u64,
}

impl Shape {
    #[inline(always)]
    fn add(&mut self, word: u64) {
        let (b6, b5, b4) = (word << 1, word << 2, word << 3);
        let lead = word & b6 & b5 & !b4 & HIGHS;
        let continuing = word & !b6 & HIGHS;
        let (b3, b2, b1, b0) = (word << 4, word << 5, word << 6, word << 7);
        // 0xE0 and 0xED must not be followed by every byte.
        let (is_e0, is_ed) = (!(b3 | b2 | b1 | b0), b3 & b2 & !b1 & b0);
        self.odd |= (word & b6 & (!b5 | b4) & HIGHS) | (lead & (is_e0 | is_ed));
        self.odd |= continuing ^ (lead << 8 | lead << 16 | self.open);
        self.open = lead >> 56 | lead >> 48;
    }

    /// The bytes that were added, as text.
    #[inline(always)]
    fn text(self, bytes: &[u8]) -> Option<&str> {
        if self.odd | self.open == 0 {
            // SAFETY: every byte is ASCII or one of three that begin with 0xE1 to 0xEC, 0xEE or 0xEF and go on with two from
            // 0x80 to 0xBF, which is UTF-8 whatever these are.
            Some(unsafe { std::str::from_utf8_unchecked(bytes) })
        } else {
            std::str::from_utf8(bytes).ok()
        }
    }
}

/// The text from `at` on, where the eight bytes `word` are, to its closing quote, and where that stands, if it is ASCII of up to
/// seven characters and without escapes: what an amount is.
#[inline(always)]
pub fn short_ascii(bytes: &[u8], at: usize, word: u64) -> Option<(&str, usize)> {
    let stops = hits(word) | (word & HIGHS);
    let end = at + (stops.trailing_zeros() / 8) as usize;
    let text = bytes.get(at..end).filter(|_| stops != 0 && bytes.get(end) == Some(&b'"'))?;
    // SAFETY: no byte before the first stop is above 0x7F.
    Some((unsafe { std::str::from_utf8_unchecked(text) }, end))
}

/// Whether no byte is above 0x7F.
#[inline(always)]
pub fn is_ascii(bytes: &[u8]) -> bool {
    if let Some(word) = short_word(bytes) {
        return word & HIGHS == 0;
    }
    // The last eight bytes, some of them for the second time.
    let last = bytes.last_chunk().map_or(0, |word| u64::from_le_bytes(*word));
    bytes.as_chunks().0.iter().fold(last, |all, word| all | u64::from_le_bytes(*word)) & HIGHS == 0
}

/// The value of up to eight ASCII digits with or without a point among them, which are the bytes of `word` from the lowest up:
/// the digits as a whole number, and how many of them stand behind the point.
#[inline(always)]
pub const fn decimal(word: u64, length: usize) -> Option<(u64, usize)> {
    const BELOW: u64 = ONES * 0x7F;
    // Exact, unlike `equals`: a digit behind the point must not seem to be one.
    let other = word ^ (ONES * b'.' as u64);
    let points = !(((other & BELOW) + BELOW) | other | BELOW);
    let bits = points.trailing_zeros() & !7;
    let (digits, count, behind) = if points == 0 {
        (word, length, 0)
    } else {
        let before = (1 << bits) - 1;
        (word & before | word >> 8 & !before, length - 1, length - 1 - (bits / 8) as usize)
    };
    if count == 0 {
        return None;
    }
    // The last digit highest, noughts in front.
    let digits = (digits ^ (ONES * b'0' as u64)) << (64 - 8 * count);
    if (digits | digits.wrapping_add(ONES * 0x76)) & HIGHS != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10 * 256 + 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100 * 65_536 + 1) >> 16 & 0x0000_FFFF_0000_FFFF;
    Some((fours.wrapping_mul((10_000 << 32) + 1) >> 32, behind))
}

/// The bytes of `word` in hexadecimal, from the lowest up, in upper case.
#[inline(always)]
pub const fn hex_digits(word: u32) -> u64 {
    let word = word as u64;
    let word = (word | word << 16) & 0x0000_FFFF_0000_FFFF;
    let word = (word | word << 8) & 0x00FF_00FF_00FF_00FF;
    let digits = (word >> 4 | word << 8) & (ONES * 0xF);
    // Seven more for A to F.
    let letters = ((digits + ONES * 6) >> 4) & ONES;
    digits + ONES * b'0' as u64 + letters * 7
}

/// Where from `at` on the first quote, backslash or control character stands, or the end.
#[cfg_attr(wasm_module, optimize(speed))]
pub fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word_at(bytes, at) {
        let hits = hits(word);
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        at += 1;
    }
    at
}

/// The high bit of the first byte that is a quote, a backslash or a control character.
#[inline(always)]
const fn hits(word: u64) -> u64 {
    let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    equals(word, b'"') | equals(word, b'\\') | controls
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn compares_two_places(
            text in prop::collection::vec(0_u8..3, 1..70),
            other in prop::collection::vec(0_u8..3, 0..4),
            rest in prop::collection::vec(0_u8..3, 0..60),
            length in 1_usize..80,
        ) {
            let bytes = [&text[..], &other, &text, &rest].concat();
            let right = text.len() + other.len();
            let expected = bytes.get(..length).is_some_and(|left| bytes.get(right..right + length) == Some(left));
            prop_assert_eq!(same_at(&bytes, 0, right, length), expected);
        }

        #[test]
        fn compares_as_equality_does(left in prop::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), longer in any::<bool>()) {
            prop_assert!(same(&left, &left.clone()));
            let mut right = left.clone();
            if longer || right.is_empty() {
                right.push(0);
            } else {
                let at = at.index(right.len());
                right[at] ^= 1;
            }
            prop_assert!(!same(&left, &right) && !same(&right, &left));
        }

        #[test]
        fn finds_what_stops_a_text(
            mut bytes in prop_oneof![
                prop::collection::vec(prop_oneof![0x20..=0xFF_u8, 0..=0xFF_u8], 0..60),
                "[ࠀ-\u{D7FF}一-鿋 a-z\"]{0,30}".prop_map(String::into_bytes),
            ],
            start in 0_usize..10,
            (at, byte) in (any::<prop::sample::Index>(), prop::option::weighted(0.2, any::<u8>())),
        ) {
            if let (Some(byte), false) = (byte, bytes.is_empty()) {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.insert(0, b'x');
            let stop = |&byte: &u8| byte < 0x20 || byte == b'"' || byte == b'\\';
            let first = bytes.iter().skip(start).position(stop).map_or(bytes.len().max(start), |place| start + place);
            prop_assert_eq!(plain_until(&bytes, start), first);
            let text = bytes.get(start..first).and_then(|text| std::str::from_utf8(text).ok());
            let read = text.filter(|_| bytes.get(first) == Some(&b'"')).map(|text| (text, first));
            prop_assert_eq!(plain_text(&bytes, start), read);
            let mut units = Room::default();
            units.extend([7]);
            if let Some((text, end, taken)) = wide_text(&bytes, start, &mut units) {
                prop_assert_eq!(Some((text, end)), read);
                units.taken = taken;
                prop_assert_eq!(&units.taken()[1..], text.encode_utf16().collect::<Vec<_>>());
            }
        }

        #[test]
        fn reads_short_ascii(mut bytes in prop::collection::vec(prop_oneof![b'!'..=b'~', any::<u8>()], 0..9), start in 0_usize..3) {
            bytes.push(b'"');
            bytes.extend_from_slice(b"          ");
            let end = plain_until(&bytes, start);
            let is_short = end >= start && end - start < 8 && bytes.get(end) == Some(&b'"');
            let text = bytes.get(start..end).filter(|text| is_short && text.is_ascii());
            let word = word_at(&bytes, start).unwrap();
            let read = short_ascii(&bytes, start, word).map(|(text, end)| (text.as_bytes(), end));
            prop_assert_eq!(read, text.map(|text| (text, end)));
        }

        #[test]
        fn looks_ahead(bytes in prop::collection::vec(any::<u8>(), 0..120), at in 0_usize..130) {
            let mut expected = bytes.get(at..).unwrap_or_default().to_vec();
            expected.resize(AHEAD, 0);
            // What an earlier look has left there is gone.
            let spare = &mut [7; AHEAD];
            prop_assert_eq!(&ahead(&bytes, at, spare)[..], &expected);
        }

        #[test]
        fn tells_ascii(text in "[ -~]{0,30}[ -ÿ]{0,2}[ -~]{0,9}") {
            prop_assert_eq!(is_ascii(text.as_bytes()), text.is_ascii());
        }

        #[test]
        fn finds_a_known_text(before in 0_usize..3, text in "[a-d]{16}", change in 0_usize..32) {
            let mut bytes = vec![b'a'; before];
            bytes.extend_from_slice(text.as_bytes());
            if let Some(byte) = bytes.get_mut(before + change) {
                *byte = b'a';
            }
            let expected: &[u8; 16] = text.as_bytes().first_chunk().unwrap();
            let spare = &mut [0; AHEAD];
            prop_assert_eq!(begins(ahead(&bytes, before, spare), expected), bytes[before..] == *text.as_bytes());
            prop_assert!(!begins(ahead(&bytes, before + 1, spare), expected));
            let short: &[u8; 12] = expected.first_chunk().unwrap();
            prop_assert_eq!(begins(ahead(&bytes, before, spare), short), bytes[before..].starts_with(short));
            let mut long = [b'a'; 24];
            long[..16].copy_from_slice(expected);
            bytes.extend_from_slice(b"aaaaaaaa");
            prop_assert_eq!(begins(ahead(&bytes, before, spare), &long), bytes[before..].starts_with(&long));
        }

        #[test]
        fn reads_short_decimals(text in prop_oneof!["[0-9]{0,8}", "[0-9]{0,4}[.][0-9]{0,3}", "[-+0-9.eE:/ ]{0,8}", "\\PC{0,3}"]) {
            let word = short_word(text.as_bytes());
            prop_assert_eq!(word.is_some(), text.len() <= 8);
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let points = text.matches('.').count();
            let digits = text.replace('.', "").parse::<u64>().ok().filter(|_| word.is_some() && is_plain && points < 2);
            let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
            prop_assert_eq!(word.and_then(|word| decimal(word, text.len())), digits.map(|digits| (digits, behind)));
        }

        #[test]
        fn knows_utf_8(text in any::<String>(), chinese in "[一-鿋]{0,9}[a-z]{0,9}[ࠀ-￮]{0,4}", at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = (chinese + &text).into_bytes();
            prop_assert!(utf8(&bytes).is_some());
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
                let text = std::str::from_utf8(&bytes).ok();
                prop_assert_eq!(utf8(&bytes), text);
                let is_plain = bytes.iter().all(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
                let quoted = [bytes.as_slice(), b"\""].concat();
                prop_assert!(!is_plain || plain_text(&quoted, 0) == text.map(|text| (text, text.len())));
                bytes.truncate(at);
                prop_assert_eq!(utf8(&bytes), std::str::from_utf8(&bytes).ok());
            }
        }

        #[test]
        fn writes_hexadecimal(word in any::<u32>()) {
            let digits = word.to_le_bytes().map(|byte| format!("{byte:02X}")).concat();
            prop_assert_eq!(&hex_digits(word).to_le_bytes()[..], digits.as_bytes());
        }

        #[test]
        fn finds_brackets(text in "[a-z()*'（]{0,20}") {
            prop_assert_eq!(has_bracket(text.as_bytes()), text.contains(['(', ')']));
        }
    }
}
