//! What the account may still do: calls in a second, calls at once, billed calls in a day. Knows the time only as a
//! number that it is told.

use super::options::Limits;
use std::collections::VecDeque;

/// China keeps one time, eight hours ahead of UTC, without daylight saving.
const CHINA_MS: u64 = 8 * 3_600_000;
const DAY_MS: u64 = 24 * 3_600_000;

/// How many billed calls a day has, and how many are gone, the one just let in among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Daily {
    pub total: u64,
    pub consumed: u64,
}

/// The account's limits and how far they are used. Memory: a number per call of the last second and per call in flight,
/// never more than the limits themselves.
#[derive(Debug)]
pub(super) struct Gauge {
    limits: Limits,
    /// When the calls of the last second were let in.
    last_second: VecDeque<u64>,
    /// When the calls that are being answered will be.
    in_flight: Vec<u64>,
    day: u64,
    billed: u64,
}

impl Gauge {
    pub fn new(limits: Limits) -> Self {
        Self { limits, last_second: VecDeque::new(), in_flight: Vec::new(), day: 0, billed: 0 }
    }

    /// Lets a call in that will be answered at `until_ms`, or says with which code it is refused.
    pub fn admit(&mut self, now_ms: u64, until_ms: u64) -> Result<(), i64> {
        if let Some(most) = self.limits.concurrency {
            self.in_flight.retain(|end| *end > now_ms);
            if self.in_flight.len() >= most as usize {
                return Err(122);
            }
        }
        if let Some(most) = self.limits.calls_per_second {
            while self.last_second.front().is_some_and(|at| now_ms.saturating_sub(*at) >= 1000) {
                self.last_second.pop_front();
            }
            if self.last_second.len() >= most as usize {
                return Err(120);
            }
        }
        if let Some(most) = self.limits.daily_calls {
            let status = self.limits.daily_status.unwrap_or(116);
            let day = now_ms.saturating_add(CHINA_MS) / DAY_MS;
            if day != self.day && status != 112 {
                (self.day, self.billed) = (day, 0);
            }
            if self.billed >= most {
                return Err(status);
            }
        }
        if self.limits.concurrency.is_some() && until_ms > now_ms {
            self.in_flight.push(until_ms);
        }
        if self.limits.calls_per_second.is_some() {
            self.last_second.push_back(now_ms);
        }
        Ok(())
    }

    /// The day's calls as a call finds them that was just let in and will be billed; nothing where they have no limit.
    pub fn daily(&self) -> Option<Daily> {
        self.limits.daily_calls.map(|total| Daily { total, consumed: self.billed + 1 })
    }

    /// Counts one billed call.
    pub fn bill(&mut self) {
        self.billed += 1;
    }

    /// As if nothing had been called.
    pub fn reset(&mut self) {
        *self = Self::new(self.limits.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(limits: Limits) -> Gauge {
        Gauge::new(limits)
    }

    #[test]
    fn lets_so_many_into_any_one_second() {
        let mut gauge = gauge(Limits { calls_per_second: Some(2), ..Limits::default() });
        let answers = [0, 500, 999, 1000, 1400, 1500].map(|at| gauge.admit(at, at).err());
        assert_eq!(answers, [None, None, Some(120), None, Some(120), None]);
    }

    #[test]
    fn counts_a_call_as_long_as_it_takes() {
        let mut gauge = gauge(Limits { concurrency: Some(1), ..Limits::default() });
        assert_eq!(gauge.admit(0, 50), Ok(()));
        assert_eq!(gauge.admit(49, 99), Err(122));
        assert_eq!(gauge.admit(50, 100), Ok(()));
    }

    #[test]
    fn runs_down_over_a_chinese_day_and_a_balance_for_good() {
        let limits =
            |status| Limits { daily_calls: Some(1), daily_status: Some(status), ..Limits::default() };
        // 2021-06-01T23:59:59+08:00
        let evening = 1_622_563_199_000;
        for (status, next_day) in [(109, Ok(())), (116, Ok(())), (112, Err(112))] {
            let mut gauge = gauge(limits(status));
            assert_eq!(gauge.admit(evening, evening), Ok(()));
            assert_eq!(gauge.daily(), Some(Daily { total: 1, consumed: 1 }));
            gauge.bill();
            assert_eq!(gauge.admit(evening + 999, evening), Err(status));
            assert_eq!(gauge.admit(evening + 1000, evening), next_day);
        }
    }
}
