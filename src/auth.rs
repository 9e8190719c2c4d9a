//! key + Timespan + SecretKey → Token.
//!
//! Source: both vendor documents, section 6.2.1 «权限验证»: `Token` is the upper-case hexadecimal MD5 (32 characters) of
//! `key + Timespan + SecretKey`, concatenated without separators; `Timespan` is Unix time in whole seconds; `SecretKey`
//! is never sent. This module knows nothing of HTTP, clocks or JavaScript.

use crate::api::words::hex_digits;
use md5::block_api::compress;
use md5::{Digest, Md5};
use std::cell::{Cell, RefCell};
use std::fmt;
use zeroize::Zeroize;

/// The length of a `Token` in characters.
pub const TOKEN_LEN: usize = 32;

/// MD5's block, in bytes.
const BLOCK: usize = 64;

/// The digits of a Timespan from 2001 to 2286.
pub const TEN: usize = 10;

/// The company's key and its secret key. Wiped from memory when dropped, and impossible to print: there is no
/// `Display`, and `Debug` shows the key masked and the secret not at all.
pub struct Credentials {
    key: String,
    secret_key: String,
    /// How long the Timespan was that was signed last, and the whole message for MD5 with its padding (RFC 1321, 3.1 to 3.3):
    /// only the Timespan changes.
    signed: RefCell<(usize, Vec<u8>)>,
    /// The Token and the Timespan signed last, if anything was: a Token is good for its whole second, and many calls of one
    /// second need one. Two cells, since WebAssembly moves 32 bytes by itself, and more by an instruction that takes longer than
    /// all else but the MD5.
    last: (Cell<[u8; TOKEN_LEN]>, Cell<u64>),
}

impl Credentials {
    /// Takes both texts as they stand in 设置中心 → 我的公司; white space around them, a usual trace of copying, is cut off.
    ///
    /// # Errors
    /// [`CredentialsError`] when one is empty or has a control character inside.
    pub fn new(key: &str, secret_key: &str) -> Result<Self, CredentialsError> {
        let read = |text: &str, field| match text.trim() {
            "" => Err(CredentialsError { field, empty: true }),
            text if text.chars().any(char::is_control) => Err(CredentialsError { field, empty: false }),
            text => Ok(text.to_owned()),
        };
        let (key, secret_key) = (read(key, "key")?, read(secret_key, "secretKey")?);
        Ok(Self { key, secret_key, signed: RefCell::default(), last: Default::default() })
    }

    /// The company's key, which travels in every request's query.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Signs for the second `timespan` (Unix time).
    pub fn sign(&self, timespan: u64) -> Signature {
        let (token, second) = &self.last;
        if second.get() != timespan || self.signed.borrow().0 == 0 {
            token.set(self.token(timespan));
            second.set(timespan);
        }
        Signature { token: token.get(), timespan }
    }

    /// The Timespan signed last in decimal, where it has as many digits as any from 2001 to 2286.
    #[cfg(any(test, all(target_arch = "wasm32", feature = "sign")))]
    pub fn ten_digits(&self) -> Option<[u8; TEN]> {
        let signed = self.signed.borrow();
        let rest = signed.1.get(self.key.len()..)?;
        if signed.0 == TEN { rest.first_chunk().copied() } else { None }
    }

    /// [`token`] without putting the three together anew.
    #[cfg_attr(wasm_module, optimize(speed))]
    fn token(&self, timespan: u64) -> [u8; TOKEN_LEN] {
        let mut decimal = [0; 20];
        let digits = decimal_text(timespan, &mut decimal);
        let mut signed = self.signed.borrow_mut();
        let (known, message) = &mut *signed;
        if *known != digits.len() {
            *known = digits.len();
            let length = self.key.len() + digits.len() + self.secret_key.len();
            let whole = (length + 9).next_multiple_of(BLOCK);
            message.zeroize();
            message.reserve_exact(whole);
            for part in [self.key.as_bytes(), digits, self.secret_key.as_bytes(), &[0x80]] {
                message.extend_from_slice(part);
            }
            message.resize(whole - 8, 0);
            message.extend_from_slice(&(length as u64 * 8).to_le_bytes());
        } else if let Some(place) = message.get_mut(self.key.len()..self.key.len() + digits.len()) {
            // Of a length that is known, or WebAssembly's own instruction is used, which takes longer than ten digits.
            match (<&mut [u8; TEN]>::try_from(&mut *place), <&[u8; TEN]>::try_from(digits)) {
                (Ok(place), Ok(digits)) => *place = *digits,
                _ => place.copy_from_slice(digits),
            }
        }
        let mut state = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
        compress(&mut state, message.as_chunks::<BLOCK>().0);
        upper_hex(state)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("key", &mask(&self.key)).finish_non_exhaustive()
    }
}

impl Drop for Credentials {
    fn drop(&mut self) {
        self.key.zeroize();
        self.secret_key.zeroize();
        self.signed.get_mut().1.zeroize();
    }
}

/// Which part of the credentials cannot be used, and why. Carries no part of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialsError {
    /// `key` or `secretKey`.
    pub field: &'static str,
    /// Whether it is empty; otherwise it has a control character inside.
    pub empty: bool,
}

/// The two headers that sign one request, from one reading of the clock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    token: [u8; TOKEN_LEN],
    timespan: u64,
}

impl Signature {
    /// The header `Token`.
    pub fn token(&self) -> &str {
        std::str::from_utf8(&self.token).unwrap_or_default()
    }

    /// The header `Token` as ASCII bytes.
    pub fn token_bytes(&self) -> &[u8; TOKEN_LEN] {
        &self.token
    }

    /// The header `Timespan`: Unix time in seconds.
    pub fn timespan(&self) -> u64 {
        self.timespan
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("timespan", &self.timespan).finish_non_exhaustive()
    }
}

/// The `Token` of these three, as ASCII.
pub fn token(key: &str, timespan: u64, secret_key: &str) -> [u8; TOKEN_LEN] {
    let mut decimal = [0; 20];
    digest(&[key.as_bytes(), decimal_text(timespan, &mut decimal), secret_key.as_bytes()])
}

/// The MD5 of `parts`, one after another, in upper-case hexadecimal.
fn digest(parts: &[&[u8]]) -> [u8; TOKEN_LEN] {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part);
    }
    let digest = md5.finalize();
    let (words, _) = digest.as_chunks();
    upper_hex(std::array::from_fn(|place| words.get(place).copied().map_or(0, u32::from_le_bytes)))
}

/// The four words of a digest in hexadecimal.
#[inline(always)]
fn upper_hex(digest: [u32; 4]) -> [u8; TOKEN_LEN] {
    let mut token = [0; TOKEN_LEN];
    for (digits, word) in token.as_chunks_mut().0.iter_mut().zip(digest) {
        *digits = hex_digits(word).to_le_bytes();
    }
    token
}

/// `number` in decimal, written to the end of `buffer`: no formatting machinery on the hot path.
#[cfg_attr(wasm_module, optimize(speed))]
fn decimal_text(mut number: u64, buffer: &mut [u8; 20]) -> &[u8] {
    if let 1_000_000_000..=0xFFFF_FFFF = number {
        // Any Timespan from 2001 to 2106: two digits, and eight at once.
        let (first, rest) = (number as u32 / 100_000_000, number as u32 % 100_000_000);
        buffer[10] = b'0' + (first / 10) as u8;
        buffer[11] = b'0' + (first % 10) as u8;
        if let Some(place) = buffer.last_chunk_mut() {
            *place = eight_digits(rest).to_le_bytes();
        }
        return &buffer[10..];
    }
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &buffer[start..];
        }
    }
}

/// A number below 100,000,000 in decimal, its first digit in the lowest byte: halved into four digits, two, and one, all of a
/// step at once. The factors stand for divisions by 100 and 10 and are exact below 10,000 and 100.
#[inline(always)]
fn eight_digits(number: u32) -> u64 {
    let fours = u64::from(number / 10_000) | (u64::from(number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let ones = tens | ((twos - tens * 10) << 8);
    ones + 0x3030_3030_3030_3030
}

/// The MD5 of `parts`, one after another, as 32 lower-case hexadecimal characters.
pub fn hex_digest(parts: &[&[u8]]) -> String {
    // Letters differ from the upper-case ones in this bit, which digits have.
    digest(parts).iter().map(|digit| char::from(digit | 0x20)).collect()
}

/// How a company key is shown: its first and last two characters, and how much is hidden says nothing of its length.
/// A key of fewer than twelve characters is hidden whole.
pub fn mask(key: &str) -> String {
    let length = key.chars().count();
    if length < 12 {
        return "****".to_owned();
    }
    let mut shown = String::new();
    for (place, character) in key.chars().enumerate() {
        if place == 2 {
            shown.push_str("****");
        }
        if place < 2 || place >= length - 2 {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with coreutils' `md5sum`, not with this project.
    const VECTORS: [(&str, u64, &str, &str); 3] = [
        (
            "9bc448a2ff6511e8890a6c92bf31542f",
            1_587_693_600,
            "0123456789ABCDEF0123456789ABCDEF",
            "E2F39D1F595AD80C9694D29D5075AB95",
        ),
        ("k", 0, "s", "50B0AF0C6779996E33FF803976C5F207"),
        ("键", 1_700_000_000, "密钥", "A9ED43833521694F5A1984FCF55CE70C"),
    ];

    #[test]
    fn signs_as_md5sum_does() {
        for (key, timespan, secret, token) in VECTORS {
            let signature = Credentials::new(key, secret).unwrap().sign(timespan);
            assert_eq!(signature.token(), token);
            assert_eq!(signature.timespan(), timespan);
        }
    }

    #[test]
    fn signs_every_second_anew() {
        let (key, timespan, secret, token) = VECTORS[0];
        let credentials = Credentials::new(key, secret).unwrap();
        let other = credentials.sign(timespan + 1);
        assert_ne!(other.token(), token);
        assert_eq!(credentials.sign(timespan).token(), token);
        assert_eq!(credentials.sign(timespan).token(), token);
        assert_eq!(credentials.sign(timespan + 1), other);
    }

    #[test]
    fn writes_every_number_in_decimal() {
        let mut buffer = [0; 20];
        let mut check = |number: u64| {
            assert_eq!(decimal_text(number, &mut buffer), number.to_string().as_bytes());
        };
        for place in 0..20 {
            let power = 10u64.pow(place);
            for near in 0..3 {
                check(power.saturating_sub(near));
                check(power.saturating_add(near));
            }
        }
        for number in (0..=u64::from(u32::MAX) + 100_000).step_by(99_991) {
            check(number);
        }
        check(u64::MAX);
        // Every group of four digits, as both halves of the eight.
        for four in 0..10_000 {
            let written = eight_digits(four * 10_000 + (9_999 - four)).to_le_bytes();
            assert_eq!(written, format!("{four:04}{:04}", 9_999 - four).as_bytes());
        }
    }

    #[test]
    fn tells_the_digits_it_has_signed() {
        let credentials = Credentials::new("k", "s").unwrap();
        assert_eq!(credentials.ten_digits(), None);
        credentials.sign(1_700_000_000);
        assert_eq!(credentials.ten_digits(), Some(*b"1700000000"));
        credentials.sign(9_999_999_999);
        assert_eq!(credentials.ten_digits(), Some(*b"9999999999"));
        credentials.sign(999_999_999);
        assert_eq!(credentials.ten_digits(), None);
    }

    /// Across MD5's blocks and every length of a Timespan.
    #[test]
    fn signs_texts_of_every_length() {
        for length in 1..150 {
            let (key, secret) = ("k".repeat(length), "密".repeat(length));
            let credentials = Credentials::new(&key, &secret).unwrap();
            for timespan in [0, 7, 1_700_000_000, 9, u64::from(u32::MAX) + 1, u64::MAX, 1_700_000_001] {
                assert_eq!(
                    *credentials.sign(timespan).token_bytes(),
                    token(&key, timespan, &secret),
                    "{length}"
                );
            }
        }
    }

    #[test]
    fn prints_no_secret() {
        let credentials = Credentials::new("9bc448a2ff6511e8890a6c92bf31542f", "TOPSECRET").unwrap();
        let shown = format!("{credentials:?} {:?}", credentials.sign(1));
        assert!(!shown.contains("TOPSECRET") && !shown.contains("9bc448"), "{shown}");
        assert!(shown.contains("9b****2f"), "{shown}");
    }

    #[test]
    fn refuses_what_cannot_sign() {
        let error = |key, secret| Credentials::new(key, secret).err().map(|e| (e.field, e.empty));
        assert_eq!(error(" ", "s"), Some(("key", true)));
        assert_eq!(error("k", ""), Some(("secretKey", true)));
        assert_eq!(error("k", "a\nb"), Some(("secretKey", false)));
        assert_eq!(error(" k\n", "\ts"), None);
    }
}
