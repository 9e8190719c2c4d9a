//! Exact decimal numbers: what amounts are read into and added up in, so that no sum drifts.
//!
//! A sum of `34.8` and `0.2` is `35`, whatever the order. The numbers have a fixed point, 36 digits after it, which no
//! amount of money exhausts; there is nothing to align when adding, and no division wider than 64 bits, which keeps the
//! WebAssembly module free of the 128-bit arithmetic and of the float parser's tables.

use super::cursor::Cursor;
use super::words::{decimal, short_word};

/// One limb holds eighteen decimal digits.
const BASE: u64 = 1_000_000_000_000_000_000;
const LIMB_DIGITS: usize = 18;
/// Digits after the point.
const FRACTION_DIGITS: i32 = 36;
/// Digits before the point that a text may have: 2³² such numbers still add up without overflow.
const WHOLE_DIGITS: i32 = 25;

/// An exact decimal number: up to 25 digits before the point and 36 after it, and any sum of up to 2³² such numbers.
///
/// ```
/// use qcc_pro::api::decimal::Decimal;
/// let mut total = Decimal::parse("1,234.5").unwrap();
/// total.add(Decimal::parse("０．１").unwrap());
/// assert_eq!((total.text().as_str(), total.to_f64()), ("1234.6", 1234.6));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// Lowest first: two limbs of fraction, two of whole. A negative number is its ten's complement.
    limbs: [u64; 4],
}

impl Decimal {
    /// Nought.
    pub const ZERO: Decimal = Decimal { limbs: [0; 4] };

    /// Reads a plain number: a sign, digits (whole ones perhaps in groups of three, `1,234,567`), a point and more digits,
    /// an exponent as programs write it (`1.2E7`); each character ASCII or full-width. White space around it is cut off.
    ///
    /// `None` for anything else (words, units, groups that are not of three), and for a number with more than 25 digits
    /// before the point or 36 after it, which is no amount of money.
    pub fn parse(text: &str) -> Option<Decimal> {
        let mut rest = Cursor::new(text);
        let negative = rest.eat(&['+', '-']) == Some('-');
        let mut digits = rest.clone();
        let whole_digits = grouped_digits(&mut rest)?;
        let mut fraction_digits = 0;
        if rest.eat(&['.']).is_some() {
            while rest.digit().is_some() {
                fraction_digits += 1;
            }
        }
        let mut power = whole_digits + exponent(&mut rest)?;
        if whole_digits + fraction_digits == 0 || !rest.is_done() {
            return None;
        }
        let mut number = Decimal::ZERO;
        for _ in 0..whole_digits + fraction_digits {
            digits.eat(&[',']);
            digits.eat(&['.']);
            let digit = digits.digit()?;
            power -= 1;
            if digit == 0 {
                continue;
            }
            let place = (power + FRACTION_DIGITS) as usize;
            if power >= WHOLE_DIGITS {
                return None;
            }
            // A place below nought has become an enormous one, beyond the last limb.
            *number.limbs.get_mut(place / LIMB_DIGITS)? += digit * 10_u64.pow((place % LIMB_DIGITS) as u32);
        }
        Some(if negative { number.negated() } else { number })
    }

    /// Adds `other`, exactly.
    pub fn add(&mut self, other: Decimal) {
        let mut carry = 0;
        for (limb, more) in self.limbs.iter_mut().zip(other.limbs) {
            let sum = *limb + more + carry;
            carry = u64::from(sum >= BASE);
            *limb = sum - carry * BASE;
        }
    }

    /// The same number with the other sign.
    #[must_use]
    pub fn negated(self) -> Decimal {
        let mut carry = 1;
        let limbs = self.limbs.map(|limb| {
            let sum = BASE - 1 - limb + carry;
            carry = u64::from(sum >= BASE);
            sum - carry * BASE
        });
        Decimal { limbs }
    }

    /// Whether it is below nought.
    pub fn is_negative(&self) -> bool {
        self.limbs[3] >= BASE / 2
    }

    fn magnitude(self) -> Decimal {
        if self.is_negative() { self.negated() } else { self }
    }

    /// The shortest plain text: `-1234.5`, `0.1`, `12`; never an exponent, never a superfluous nought.
    pub fn text(&self) -> String {
        let [lower_fraction, upper_fraction, lower_whole, upper_whole] = self.magnitude().limbs;
        let mut text = String::with_capacity(24);
        if self.is_negative() {
            text.push('-');
        }
        if upper_whole == 0 {
            push_digits(&mut text, lower_whole, 1);
        } else {
            push_digits(&mut text, upper_whole, 1);
            push_digits(&mut text, lower_whole, LIMB_DIGITS);
        }
        if upper_fraction != 0 || lower_fraction != 0 {
            text.push('.');
            push_digits(&mut text, upper_fraction, LIMB_DIGITS);
            if lower_fraction != 0 {
                push_digits(&mut text, lower_fraction, LIMB_DIGITS);
            }
            text.truncate(text.trim_end_matches('0').len());
        }
        text
    }

    /// The nearest double, ties to even: the number JavaScript reads from [`Decimal::text`].
    pub fn to_f64(&self) -> f64 {
        let magnitude = self.magnitude();
        let float = plain_to_f64(&magnitude.text()).unwrap_or_else(|| magnitude.any_to_f64());
        if self.is_negative() { -float } else { float }
    }

    /// Any magnitude: doubled or halved until its whole part has exactly 53 bits, then rounded.
    fn any_to_f64(self) -> f64 {
        if self == Decimal::ZERO {
            return 0.0;
        }
        let mut limbs = self.limbs;
        let mut exponent = 0;
        let mut lost = 0;
        while limbs[3] != 0 || limbs[2] >= 1 << 53 {
            let mut carry = 0;
            for limb in limbs.iter_mut().rev() {
                let odd = *limb & 1;
                *limb = *limb / 2 + carry * (BASE / 2);
                carry = odd;
            }
            lost |= carry;
            exponent += 1;
        }
        while limbs[2] < 1 << 52 {
            let mut carry = 0;
            for limb in &mut limbs {
                let double = *limb * 2 + carry;
                carry = u64::from(double >= BASE);
                *limb = double - carry * BASE;
            }
            exponent -= 1;
        }
        let half = BASE / 2;
        let above = limbs[1] > half || (limbs[1] == half && (limbs[0] != 0 || lost != 0));
        let tie = limbs[1] == half && limbs[0] == 0 && lost == 0;
        let rounded = limbs[2] + u64::from(above || (tie && limbs[2] & 1 == 1));
        // Neither factor is inexact, and the product lies between 10⁻³⁶ and 10³⁶, far from both ends of a double.
        rounded as f64 * f64::from_bits(((1023 + exponent) as u64) << 52)
    }
}

/// The nearest double of the number that [`Decimal::parse`] reads.
pub fn to_f64(text: &str) -> Option<f64> {
    plain_to_f64(text).or_else(|| Decimal::parse(text).map(|number| number.to_f64()))
}

/// What nearly every amount is: at most 15 ASCII digits, perhaps a point among them, so that digits and power of ten are
/// exact doubles and their quotient is rounded once.
fn plain_to_f64(text: &str) -> Option<f64> {
    if let Some(number) = short_word(text.as_bytes()).map(|word| of_short(word, text.len()))
        && !number.is_nan()
    {
        return Some(number);
    }
    let (mut mantissa, mut divisor, mut digits, mut is_fraction) = (0_u64, 1.0, 0, false);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if digits < 15 => {
                digits += 1;
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                if is_fraction {
                    divisor *= 10.0;
                }
            }
            b'.' if !is_fraction => is_fraction = true,
            _ => return None,
        }
    }
    (digits > 0).then_some(mantissa as f64 / divisor)
}

/// The number of up to eight ASCII digits, perhaps a point among them, which are the lowest `length` bytes of `word`; NaN where
/// they are anything else. Its own function, so that it is in the module once.
#[inline(never)]
#[cfg_attr(wasm_module, optimize(speed))]
pub(super) fn of_short(word: u64, length: usize) -> f64 {
    const DIVISORS: [f64; 8] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
    let above = u64::MAX.checked_shl(8 * length as u32).unwrap_or_default();
    match decimal(word & !above, length) {
        Some((digits, behind)) => DIVISORS.get(behind).map_or(f64::NAN, |divisor| digits as f64 / divisor),
        None => f64::NAN,
    }
}

impl std::fmt::Debug for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

/// Appends `number` in decimal, with noughts in front if it has fewer than `least` digits: no formatting machinery.
pub(crate) fn push_digits(text: &mut String, mut number: u64, least: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    let least = digits.len().saturating_sub(least);
    while number != 0 || start > least {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    text.push_str(std::str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// The digits before the point, in groups of three if there is a comma; how many.
fn grouped_digits(rest: &mut Cursor<'_>) -> Option<i32> {
    let (mut all, mut group, mut is_grouped) = (0, 0, false);
    loop {
        if rest.digit().is_some() {
            group += 1;
            continue;
        }
        all += group;
        let is_whole = if is_grouped { group == 3 } else { group <= 3 };
        if rest.eat(&[',']).is_none() {
            return (is_whole || !is_grouped).then_some(all);
        }
        if group == 0 || !is_whole {
            return None;
        }
        (group, is_grouped) = (0, true);
    }
}

/// The exponent, 0 where there is none.
fn exponent(rest: &mut Cursor<'_>) -> Option<i32> {
    if rest.eat(&['e', 'E']).is_none() {
        return Some(0);
    }
    let negative = rest.eat(&['+', '-']) == Some('-');
    let mut exponent = rest.digit()? as i32;
    while let Some(digit) = rest.digit() {
        // Beyond some thousands no digit of any text could be in range.
        exponent = (exponent * 10 + digit as i32).min(1 << 20);
    }
    Some(if negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(input: &str) -> Option<String> {
        Decimal::parse(input).map(|number| number.text())
    }

    #[test]
    fn reads_plain_numbers() {
        for (input, output) in [
            ("34.8", "34.8"),
            (" 34.80\n", "34.8"),
            ("0", "0"),
            ("-0.00", "0"),
            ("+7", "7"),
            ("-1,234,567.50", "-1234567.5"),
            ("１，２３４．５", "1234.5"),
            ("－３", "-3"),
            ("−3", "-3"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.2345678E7", "12345678"),
            ("1e-3", "0.001"),
            ("007", "7"),
            ("0000000000000000000000000000001", "1"),
            ("1e24", "1000000000000000000000000"),
            ("1e-36", "0.000000000000000000000000000000000001"),
            ("1.0000000000000000000000000000000000000000000", "1"),
            ("0e999999999999", "0"),
        ] {
            assert_eq!(text(input).as_deref(), Some(output), "{input}");
        }
    }

    #[test]
    fn reads_nothing_else() {
        for input in [
            "",
            " ",
            "-",
            ".",
            ",",
            "1,23",
            "1,2345",
            "12,34,567",
            "1234,567",
            ",123",
            "1,",
            "1,,234",
            "1.2.3",
            "1.234,5",
            "约30",
            "34.8万元",
            "--1",
            "1-",
            "1e",
            "1e+",
            "e5",
            "1 000",
            "NaN",
            "Infinity",
            "0x10",
            "一百",
            "1e25",
            "1e-37",
            "1e999999999999",
            "-1e-999999999999",
            "٣",
        ] {
            assert_eq!(text(input), None, "{input}");
        }
    }

    #[test]
    fn writes_digits() {
        for (number, least, expected) in [
            (0, 1, "0"),
            (7, 2, "07"),
            (1234, 1, "1234"),
            (u64::MAX, 1, "18446744073709551615"),
            (5, 18, "000000000000000005"),
        ] {
            let mut text = String::new();
            push_digits(&mut text, number, least);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn adds_without_drift() {
        let mut total = Decimal::ZERO;
        for _ in 0..100_000 {
            total.add(Decimal::parse("0.1").unwrap());
        }
        assert_eq!(total.text(), "10000");
        total.add(Decimal::parse("-10000.000001").unwrap());
        assert_eq!((total.text().as_str(), total.to_f64()), ("-0.000001", -0.000_001));
        let most = Decimal::parse(&"9".repeat(25)).unwrap();
        let mut sum = most;
        for _ in 0..31 {
            let twice = sum;
            sum.add(twice);
        }
        assert_eq!(sum.text(), (10u128.pow(25) - 1).checked_mul(1 << 31).unwrap().to_string());
    }

    #[test]
    fn rounds_as_javascript_does_where_it_is_hard() {
        for input in [
            "9007199254740993",
            "9007199254740992.5",
            "9007199254740993.0000000000000000000001",
            "4503599627370496.5",
            "4503599627370497.5",
            "9007199254740991.5",
            "0.1",
            "1e22",
            "1e23",
            "8.41e21",
            "9.5367431640625e-7",
            "1e-36",
            "34.800000000000004",
            "1.7976931348623157e24",
            "123456789012345678901234.56789",
            "72057594037927945",
            "72057594037927944.5",
            "1234567890123456789",
        ] {
            let number = Decimal::parse(input).unwrap();
            assert_eq!(number.to_f64(), input.parse::<f64>().unwrap(), "{input}");
            assert_eq!(number.any_to_f64(), input.parse::<f64>().unwrap(), "{input}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_standard_librarys_float_parser(input in "-?[0-9]{0,25}\\.[0-9]{1,36}") {
            let number = Decimal::parse(&input).unwrap();
            prop_assert_eq!(number.to_f64(), input.parse::<f64>().unwrap());
            prop_assert_eq!(number.magnitude().any_to_f64(), input.parse::<f64>().unwrap().abs());
            prop_assert_eq!(number.text().parse::<f64>().unwrap(), number.to_f64());
        }

        #[test]
        fn agrees_on_everyday_amounts(whole in 0u64..100_000_000, fraction in "(\\.[0-9]{1,6})?") {
            let input = format!("{whole}{fraction}");
            prop_assert_eq!(Decimal::parse(&input).unwrap().to_f64(), input.parse::<f64>().unwrap());
        }

        #[test]
        fn takes_no_text_the_short_way_that_it_would_not_take_the_long_way(input in "[0-9]{0,9}[-+.,eE0-9０ ]{0,2}[0-9]{0,9}") {
            prop_assert_eq!(to_f64(&input), Decimal::parse(&input).map(|number| number.to_f64()));
        }

        #[test]
        fn reads_back_what_it_writes(input in "-?[0-9]{0,25}\\.[0-9]{1,36}") {
            let number = Decimal::parse(&input).unwrap();
            prop_assert_eq!(Decimal::parse(&number.text()), Some(number));
            let mut zero = number;
            zero.add(number.negated());
            prop_assert_eq!(zero, Decimal::ZERO);
        }

        #[test]
        fn adds_as_integers_do(parts in prop::collection::vec(-1_000_000_000_000i64..1_000_000_000_000, 0..40)) {
            let mut total = Decimal::ZERO;
            for part in &parts {
                total.add(Decimal::parse(&format!("{part}e-4")).unwrap());
            }
            let sum: i64 = parts.iter().sum();
            prop_assert_eq!(total, Decimal::parse(&format!("{sum}e-4")).unwrap());
        }

        #[test]
        fn takes_any_text(input in "[-+.,eE0-9０-９，．　\\PC]{0,20}") {
            let _ = Decimal::parse(&input);
        }
    }
}
