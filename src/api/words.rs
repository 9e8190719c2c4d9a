//! Bytes eight at a time: what the scanner, the tables of texts and the comparison of names do all day.
//!
//! In WebAssembly `==` on slices and `memchr` are calls that go byte by byte; these are a few instructions a step.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;
const SEED: u64 = 0x243F_6A88_85A3_08D3;

/// Sets the high bit of each byte of `word` that is nought. Above the first one a borrow may set more, which does no harm to
/// whoever looks for the first.
const fn zeroes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// As [`zeroes`], of each byte that is `byte`.
const fn equals(word: u64, byte: u8) -> u64 {
    zeroes(word ^ (ONES * byte as u64))
}

/// The eight bytes from `at` on.
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

#[inline(always)]
const fn mix(state: u64, word: u64) -> u64 {
    (state.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A hash for a table that lives as long as one answer: quick, and no defence against chosen texts.
pub fn hash(bytes: &[u8]) -> u32 {
    let (chunks, rest) = bytes.as_chunks();
    let state = chunks.iter().fold(SEED, |state, chunk| mix(state, u64::from_le_bytes(*chunk)));
    finish(state, rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)), bytes.len())
}

/// `rest` is what is left after the last eight bytes, noughts above it.
#[inline(always)]
const fn finish(state: u64, rest: u64, length: usize) -> u32 {
    (mix(mix(state, rest), length as u64) >> 32) as u32
}

/// Whether the two are the same. Inlined: where it is used a call would cost as much as the comparison.
#[inline(always)]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (Some(left_last), Some(right_last)) = (left.last_chunk::<8>(), right.last_chunk()) else {
        return left.iter().zip(right).all(|(a, b)| a == b);
    };
    let (left_chunks, right_chunks) = (left.as_chunks::<8>().0, right.as_chunks().0);
    // The last eight bytes, some of them for the second time: what is left over has no length of its own to go through.
    u64::from_le_bytes(*left_last) == u64::from_le_bytes(*right_last)
        && left_chunks.iter().zip(right_chunks).all(|(a, b)| u64::from_le_bytes(*a) == u64::from_le_bytes(*b))
}

/// Whether there is a half-width bracket.
pub fn has_bracket(bytes: &[u8]) -> bool {
    // The two differ in their lowest bit.
    let (chunks, rest) = bytes.as_chunks();
    chunks.iter().any(|chunk| equals(u64::from_le_bytes(*chunk) | ONES, b')') != 0)
        || rest.iter().any(|byte| byte | 1 == b')')
}

/// Whether it is UTF-8. ASCII and what is written with three bytes, as Chinese is, are looked at here; where there is anything
/// else the standard library decides.
pub fn is_utf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        if let Some((word, after)) = rest.split_first_chunk()
            && u64::from_le_bytes(*word) & HIGHS == 0
        {
            rest = after;
            continue;
        }
        rest = match *rest {
            [] => return true,
            [first, ..] if first < 0x80 => &rest[1..],
            // 0xE0 and 0xED must not be followed by every byte.
            [0xE1..=0xEC, 0x80..=0xBF, 0x80..=0xBF, ..] | [0xEE..=0xEF, 0x80..=0xBF, 0x80..=0xBF, ..] => {
                &rest[3..]
            }
            _ => return std::str::from_utf8(rest).is_ok(),
        };
    }
}

/// Reads the text that `bytes` begin with to its closing quote, for as long as nothing in it needs a second look: the text's
/// length and its [`hash`]. `None` where an escape, a control character or the end of the bytes is nearer.
#[inline(always)]
pub fn plain_text(bytes: &[u8]) -> Option<(usize, u32)> {
    let mut state = SEED;
    let mut length = 0;
    for chunk in bytes.as_chunks().0 {
        let word = u64::from_le_bytes(*chunk);
        let hits = hits(word);
        if hits != 0 {
            // Where the first byte that is one begins.
            let bits = hits.trailing_zeros() & !7;
            length += (bits / 8) as usize;
            let hash = finish(state, word & !(u64::MAX << bits), length);
            return ((word >> bits) as u8 == b'"').then_some((length, hash));
        }
        state = mix(state, word);
        length += 8;
    }
    None
}

/// Where from `at` on the first quote, backslash or control character stands, or the end.
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
        fn hashes_a_text_alike_on_the_way_and_afterwards(
            before in 0_usize..9,
            text in r#"[^"\\\p{Cc}]{0,30}"#,
            after in prop::collection::vec(any::<u8>(), 0..12),
        ) {
            let mut bytes = vec![b' '; before];
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(b'"');
            bytes.extend_from_slice(&after);
            // The whole last word must be there to be read.
            let is_readable = text.len() / 8 * 8 + 8 <= bytes.len() - before;
            let read = is_readable.then(|| (text.len(), hash(text.as_bytes())));
            prop_assert_eq!(plain_text(&bytes[before..]), read);
        }

        #[test]
        fn stops_where_a_text_needs_a_second_look(
            mut bytes in prop::collection::vec(prop_oneof![0x20..=0xFF_u8, 0..=0xFF_u8], 0..60), start in 0_usize..10,
        ) {
            bytes.insert(0, b'x');
            let stop = |&byte: &u8| byte < 0x20 || byte == b'"' || byte == b'\\';
            let first = bytes.iter().skip(start).position(stop).map_or(bytes.len().max(start), |place| start + place);
            prop_assert_eq!(plain_until(&bytes, start), first);
            let rest = bytes.get(start..).unwrap_or_default();
            if let Some((length, hashed)) = plain_text(rest) {
                prop_assert_eq!((length, rest[length]), (first - start, b'"'));
                prop_assert_eq!(hashed, hash(&rest[..length]));
            } else {
                prop_assert!(bytes.get(first) != Some(&b'"') || (first - start) / 8 * 8 + 8 > rest.len());
            }
        }

        #[test]
        fn knows_utf_8(text in any::<String>(), chinese in "[一-鿋]{0,9}[a-z]{0,9}[ࠀ-￮]{0,4}", at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = (chinese + &text).into_bytes();
            prop_assert!(is_utf8(&bytes));
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
                prop_assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok());
                bytes.truncate(at);
                prop_assert_eq!(is_utf8(&bytes), std::str::from_utf8(&bytes).is_ok());
            }
        }

        #[test]
        fn finds_brackets(text in "[a-z()*'（]{0,20}") {
            prop_assert_eq!(has_bracket(text.as_bytes()), text.contains(['(', ')']));
        }
    }
}
