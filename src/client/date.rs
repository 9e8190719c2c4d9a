//! HTTP's dates, for `Date` and `Retry-After`.
//!
//! Source: RFC 9110 section 5.6.7: the fixed form `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete ones, which a reader
//! must take too.

use crate::text::{self, contains, parted};

/// Milliseconds since 1970 of an HTTP date; `None` for anything else.
pub fn parse_http_date(text: &str) -> Option<f64> {
    let mut words = [""; 8];
    let mut count = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| matches!(byte, b' ' | b',' | b'-')).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after.get(1..).unwrap_or_default();
        if end > 0 {
            *words.get_mut(count)? = word;
            count += 1;
        }
    }
    // A two-digit year is the one nearest to now that is not more than 50 years ahead; now is after 2020.
    let (day, month, year, time) = match words.get(..count)? {
        // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, time, "GMT" | "UTC"] => (day, month, year, time),
        // Sun Nov  6 08:49:37 1994
        [_, month, day, time, year] if contains(time, ":") => (day, month, year, time),
        _ => return None,
    };
    let year = match (year.len(), number(year)?) {
        (2, year @ 0..=70) => 2000 + year,
        (2, year) => 1900 + year,
        (4, year @ 1970..) => year,
        _ => return None,
    };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| name == month)? as i64 + 1;
    let day = number(day).filter(|day| (1..=31).contains(day))?;
    let (hour, clock) = parted(time, b':')?;
    let (minute, second) = parted(clock, b':')?;
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(
        ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) as f64 * 60_000.0
            + second as f64 * 1000.0,
    )
}

/// `Retry-After` in milliseconds from `now` on: seconds or a date, of which the server's own `Date` is the better measure.
pub fn parse_retry_after(text: &str, now: f64, server_date: Option<f64>) -> Option<f64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are more than any limit.
        return Some(number(text).map_or(f64::INFINITY, |seconds| seconds as f64 * 1000.0));
    }
    parse_http_date(text).map(|date| (date - server_date.unwrap_or(now)).max(0.0))
}

fn number(text: &str) -> Option<i64> {
    i64::try_from(text::number(text)?).ok()
}

/// Howard Hinnant's «days from civil»: the year begins in March, so that the leap day is its last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_three_forms_of_rfc_9110() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parse_http_date(text), Some(784_111_777_000.0), "{text}");
        }
        // `date -u -d '2024-02-29 23:59:59' +%s`
        assert_eq!(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199_000.0));
        for text in
            ["", "now", "Sun, 06 Nov 1994", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT"]
        {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn reads_retry_after_as_seconds_and_as_a_date() {
        assert_eq!(parse_retry_after(" 3 ", 0.0, None), Some(3000.0));
        assert_eq!(parse_retry_after("99999999999999999999", 0.0, None), Some(f64::INFINITY));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(parse_retry_after(date, 784_111_775_000.0, None), Some(2000.0));
        assert_eq!(parse_retry_after(date, 0.0, Some(784_111_776_000.0)), Some(1000.0));
        assert_eq!(parse_retry_after(date, 784_111_799_000.0, None), Some(0.0));
        assert_eq!(parse_retry_after("-1", 0.0, None), None);
        assert_eq!(parse_retry_after("soon", 0.0, None), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>(), numbers in "[0-9:, A-Za-z-]{0,40}") {
            parse_http_date(&text);
            parse_http_date(&numbers);
            parse_retry_after(&numbers, 0.0, None);
        }
    }
}
