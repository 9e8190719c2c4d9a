//! `publicDate` read as a period: a year, a month or a day, as exact as the text is.
//!
//! Source: the document calls the field 报告期/公开时间, a reporting period or a publication time, and its sample says `2021-11`.
//! The other forms are those Chinese filings and common JSON libraries write. A text that is none of them gives no period:
//! a date that is guessed wrong would be worse than none.

use super::cursor::Cursor;
use super::decimal::{of_short, push_digits};
use super::partnership::Period;
use super::words::short_word;

/// What the names of reporting periods are made of, after the year.
const REPORT: [char; 19] = [
    '年', '度', '报', '告', '半', '中', '期', '第', '一', '二', '三', '四', '季', 'Q', 'H', '1', '2', '3',
    '4',
];

const BEIJING_MINUTES: i64 = 8 * 60;
const DAY_MINUTES: i64 = 24 * 60;

impl Period {
    /// Reads `2021-11`, `2021-11-05`, `2021/11/5`, `2021.11.05`, `2021年11月5日`, `2021年`, `2021`, `202111`, `20211105`, a date
    /// with a time of day, a reporting period (`2021年报`, `2021年半年度报告`, `2021年第三季度报告`, `2021Q3`: its year), and an instant
    /// (13 digits of milliseconds or 10 of seconds since 1970, or a time with its zone: the day it is in Beijing).
    ///
    /// `None` for anything else, for a day that no calendar has and for a year outside 1900 to 2199.
    pub fn parse(text: &str) -> Option<Period> {
        // What nearly every one is: `2021-11`. A point makes a number of fewer digits, which no period has.
        if let (Some(word), [.., b'-', _, _]) = (short_word(text.as_bytes()), text.as_bytes())
            && text.len() == 7
            && let number = of_short(word & 0xFFFF_FFFF | word >> 8 & 0xFFFF_0000_0000, 6)
            && !number.is_nan()
        {
            return bare_number(6, number as u64);
        }
        let mut rest = Cursor::new(text);
        let (digits, number) = rest.number(14)?;
        if rest.is_done() {
            return bare_number(digits, number);
        }
        let year = u16::try_from(number).ok().filter(|_| digits == 4)?;
        if let Some(separator) = rest.eat(&['-', '/', '.']) {
            let (digits, month) = rest.number(2)?;
            if rest.is_done() {
                // `2021.1` may be October that went through a spreadsheet.
                return if separator == '.' && digits == 1 { None } else { of(year, Some(month), None) };
            }
            rest.eat(&[separator])?;
            let (_, day) = rest.number(2)?;
            return at_time_of_day(of(year, Some(month), Some(day))?, rest);
        }
        if rest.eat(&['年']).is_some()
            && let Some((_, month)) = rest.number(2)
        {
            rest.eat(&['月'])?;
            if rest.is_done() {
                return of(year, Some(month), None);
            }
            let (_, day) = rest.number(2)?;
            rest.eat(&['日', '号'])?;
            return at_time_of_day(of(year, Some(month), Some(day))?, rest);
        }
        while rest.eat(&REPORT).is_some() {}
        if rest.is_done() { of(year, None, None) } else { None }
    }

    /// ISO 8601 as far as it is known: `2021`, `2021-11` or `2021-11-05`. Such texts sort as the periods do.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(10);
        push_digits(&mut text, u64::from(self.year), 4);
        for part in [self.month, self.day].into_iter().flatten() {
            text.push('-');
            push_digits(&mut text, u64::from(part), 2);
        }
        text
    }
}

/// The period, if the calendar has it.
fn of(year: u16, month: Option<u64>, day: Option<u64>) -> Option<Period> {
    if !(1900..=2199).contains(&year) {
        return None;
    }
    let Some(month) = month else { return Some(Period { year, month: None, day: None }) };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day.is_some_and(|day| !(1..=days).contains(&day)) {
        return None;
    }
    Some(Period { year, month: Some(month as u8), day: day.map(|day| day as u8) })
}

/// A text of nothing but digits.
fn bare_number(digits: u32, number: u64) -> Option<Period> {
    let year = |number: u64| u16::try_from(number).ok();
    let date = |number: u64| of(year(number / 10_000)?, Some(number / 100 % 100), Some(number % 100));
    match digits {
        4 => of(year(number)?, None, None),
        6 => of(year(number / 100)?, Some(number % 100), None),
        8 => date(number),
        14 => date(number / 1_000_000)
            .filter(|_| is_time(number / 10_000 % 100, number / 100 % 100, number % 100)),
        // Ten digits are also a date and its hour: what can be read in two ways is not read.
        10 if number >= 1_000_000_000 && (date(number / 100).is_none() || number % 100 > 23) => {
            in_beijing(number as i64 / 60)
        }
        13 if number >= 1_000_000_000_000 => in_beijing(number as i64 / 60_000),
        _ => None,
    }
}

fn is_time(hour: u64, minute: u64, second: u64) -> bool {
    hour < 24 && minute < 60 && second <= 60
}

/// The day on which an instant, in minutes since 1970 UTC, falls in Beijing.
fn in_beijing(minutes: i64) -> Option<Period> {
    let (year, month, day) = civil_from_days((minutes + BEIJING_MINUTES).div_euclid(DAY_MINUTES));
    of(u16::try_from(year).ok()?, u64::try_from(month).ok(), u64::try_from(day).ok())
}

/// Year, month (from 1) and day (from 1) of a number of days since 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March of the year 0.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Midnight UTC of a day, in minutes since 1970.
fn midnight(period: Period) -> Option<i64> {
    let (month, day) = (i64::from(period.month?), i64::from(period.day?));
    let year = i64::from(period.year) - i64::from(month <= 2);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    Some((year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468) * DAY_MINUTES)
}

/// What may follow a day: nothing, or a time, which moves the day only if it names its zone.
fn at_time_of_day(day: Period, mut rest: Cursor<'_>) -> Option<Period> {
    if rest.is_done() {
        return Some(day);
    }
    rest.eat(&[' ', 'T'])?;
    let (_, hour) = rest.number(2)?;
    rest.eat(&[':'])?;
    let (_, minute) = rest.number(2)?;
    let mut second = 0;
    if rest.eat(&[':']).is_some() {
        second = rest.number(2)?.1;
        if rest.eat(&['.']).is_some() {
            rest.number(9)?;
        }
    }
    if !is_time(hour, minute, second) {
        return None;
    }
    if rest.is_done() {
        return Some(day);
    }
    let zone = match rest.eat(&['Z', '+', '-'])? {
        'Z' => 0,
        sign => {
            let (_, hours) = rest.number(2)?;
            let minutes = if rest.is_done() {
                0
            } else {
                rest.eat(&[':']);
                rest.number(2)?.1
            };
            let zone = (hours * 60 + minutes) as i64;
            if sign == '-' { -zone } else { zone }
        }
    };
    if !rest.is_done() || zone.abs() > 14 * 60 {
        return None;
    }
    in_beijing(midnight(day)? + (hour * 60 + minute) as i64 - zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        Period::parse(text).map(|period| period.text())
    }

    #[test]
    fn reads_what_filings_and_programs_write() {
        for (input, output) in [
            ("2021-11", "2021-11"),
            (" 2021-11\n", "2021-11"),
            ("2021-1", "2021-01"),
            ("2021/11", "2021-11"),
            ("2021.11", "2021-11"),
            ("2021-11-05", "2021-11-05"),
            ("2021/11/5", "2021-11-05"),
            ("2021.1.5", "2021-01-05"),
            ("2021年11月5日", "2021-11-05"),
            ("２０２１年１１月５日", "2021-11-05"),
            ("2021年11月05日 10:30", "2021-11-05"),
            ("2021年11月", "2021-11"),
            ("2021年", "2021"),
            ("2021", "2021"),
            ("2021年报", "2021"),
            ("2021年年度报告", "2021"),
            ("2021年度", "2021"),
            ("2021年度报告", "2021"),
            ("2021年半年报", "2021"),
            ("2021半年报", "2021"),
            ("2021年半年度报告", "2021"),
            ("2021年中报", "2021"),
            ("2021年第三季度报告", "2021"),
            ("2021年三季报", "2021"),
            ("2021年第3季度", "2021"),
            ("2021Q3", "2021"),
            ("2021H1", "2021"),
            ("20211105", "2021-11-05"),
            ("202111", "2021-11"),
            ("20211105093000", "2021-11-05"),
            ("2021-11-05 00:00:00", "2021-11-05"),
            ("2021-11-05T23:59:59", "2021-11-05"),
            ("2021-11-05 00:00:00.0", "2021-11-05"),
            ("2021-11-04T16:00:00.000+0000", "2021-11-05"),
            ("2021-11-04T15:59:59Z", "2021-11-04"),
            ("2021-11-05T00:00:00+08:00", "2021-11-05"),
            ("2021-12-31T16:00:00Z", "2022-01-01"),
            ("2020-02-28T20:00-05", "2020-02-29"),
            ("1636041600000", "2021-11-05"),
            ("1636041599999", "2021-11-04"),
            ("1636041600", "2021-11-05"),
            ("2020-02-29", "2020-02-29"),
            ("1900-01-01", "1900-01-01"),
            ("2199-12-31", "2199-12-31"),
        ] {
            assert_eq!(read(input).as_deref(), Some(output), "{input}");
        }
    }

    #[test]
    fn reads_nothing_that_could_be_something_else() {
        for input in [
            "",
            "-",
            "--",
            "至今",
            "约2021年",
            "21-11",
            "1899",
            "2200",
            "1899-12-31",
            "2200-01-01",
            "2021-13",
            "2021-00",
            "2021-11-00",
            "2021-11-31",
            "2021-02-29",
            "1900-02-29",
            "2021-11-05-06",
            "2021-11/05",
            "2021年11",
            "2021年13月",
            "2021年1-6月",
            "2021-2022",
            "2021年-2022年",
            "2021.1",
            "20211131",
            "202113",
            "20211105250000",
            "2021110509",
            "0636041600",
            "163604160",
            "163604160000",
            "99999999999999",
            "2021-11-05 25:00",
            "2021-11-05 10",
            "2021-11-05 10:00 PM",
            "2021-11-05T10:00:00+99:00",
            "2021-11-05Z",
            "2021年11月5日发布",
            "Nov 2021",
            "2199-12-31T23:00:00Z",
            "12345678901234567890",
        ] {
            assert_eq!(read(input), None, "{input}");
        }
    }

    #[test]
    fn sorts_as_its_text_does() {
        let texts = ["2020-12-31", "2021", "2021-01", "2021-01-01", "2021-01-31", "2021-02", "2022"];
        let periods: Vec<_> = texts.iter().map(|text| Period::parse(text).unwrap()).collect();
        assert!(periods.is_sorted() && periods.iter().map(Period::text).eq(texts));
    }

    #[test]
    fn walks_the_calendar_day_by_day() {
        let mut minutes = -25_567 * DAY_MINUTES - BEIJING_MINUTES;
        let mut days = 0;
        let mut last = None;
        while let Some(day) = in_beijing(minutes) {
            assert_eq!(midnight(day).unwrap(), minutes + BEIJING_MINUTES);
            assert!(last < Some(day) && read(&day.text()).as_deref() == Some(&day.text()));
            last = Some(day);
            days += 1;
            minutes += DAY_MINUTES;
        }
        // 300 years with 73 leap years: 1900 and 2100 have none, 2000 has.
        assert_eq!((days, last.unwrap().text().as_str()), (300 * 365 + 73, "2199-12-31"));
    }

    proptest! {
        #[test]
        fn takes_any_text(input in "[-0-9０-９/.:年月日季报QTZ+ \\PC]{0,24}") {
            if let Some(period) = Period::parse(&input) {
                prop_assert_eq!(Period::parse(&period.text()), Some(period));
            }
        }

        #[test]
        fn takes_any_digits(input in "[0-9]{0,20}([-/.年][0-9]{1,3}){0,3}( [0-9:+]{0,12})?") {
            if let Some(period) = Period::parse(&input) {
                prop_assert_eq!(Period::parse(&period.text()), Some(period));
            }
        }
    }
}
