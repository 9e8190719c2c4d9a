//! How many calls one caller may make in a minute. No more than that fall into any sixty seconds, wherever they start;
//! what a caller is remembered by is a hash of its id and thirteen counts, and only so many callers are remembered.

use crate::auth::hex_digest;

/// How many callers are remembered at once. One that has made no call for a minute is forgotten first.
pub const MAX_CALLERS: usize = 10_000;

/// A minute is counted in twelve slices of five seconds, and the one that has begun.
const SLICE_MS: f64 = 5_000.0;
const SLICES: usize = 13;

/// The calls of the last minute, by caller.
#[derive(Debug)]
pub struct Limiter {
    /// The most calls in a minute.
    most: u32,
    callers: Vec<Caller>,
}

#[derive(Debug)]
struct Caller {
    id: String,
    /// The number of the slice that `counts[0]` is of; the further ones are earlier.
    slice: f64,
    counts: [u32; SLICES],
}

impl Caller {
    /// Lets the slices pass that have ended. A clock that was set back lets none pass.
    fn advance(&mut self, slice: f64) {
        let passed = (slice - self.slice).clamp(0.0, SLICES as f64) as usize;
        self.counts.rotate_right(passed % SLICES);
        self.counts[..passed].fill(0);
        self.slice = self.slice.max(slice);
    }

    fn sum(&self) -> u32 {
        self.counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }
}

impl Limiter {
    /// A limiter that lets `most` calls a minute through.
    pub fn new(most: u32) -> Self {
        Self { most, callers: Vec::new() }
    }

    /// Counts a call of the caller `id` at `now` (milliseconds since 1970).
    ///
    /// # Errors
    /// The seconds after which it would be let through: it is not counted then.
    pub fn admit(&mut self, id: &str, now: f64) -> Result<(), u32> {
        let slice = (now / SLICE_MS).floor();
        let id = hex_digest(&[id.as_bytes()]);
        let place = match self.callers.binary_search_by(|caller| caller.id.cmp(&id)) {
            Ok(place) => place,
            Err(_) => self.remember(id, slice),
        };
        let Some(caller) = self.callers.get_mut(place) else { return Ok(()) };
        caller.advance(slice);
        if caller.sum() < self.most {
            caller.counts[0] += 1;
            return Ok(());
        }
        Err(wait(caller, self.most, now))
    }

    /// Makes room where there is none, and gives the new caller's place.
    fn remember(&mut self, id: String, slice: f64) -> usize {
        if self.callers.len() >= MAX_CALLERS {
            self.callers.retain(|caller| slice - caller.slice < SLICES as f64);
        }
        if self.callers.len() >= MAX_CALLERS {
            let earliest = self.callers.iter().map(|caller| caller.slice).fold(f64::INFINITY, f64::min);
            if let Some(place) = self.callers.iter().position(|caller| caller.slice <= earliest) {
                self.callers.remove(place);
            }
        }
        let place = self.callers.partition_point(|caller| caller.id < id);
        self.callers.insert(place, Caller { id, slice, counts: [0; SLICES] });
        place
    }
}

/// The seconds until enough of the counted calls are more than a minute old.
fn wait(caller: &Caller, most: u32, now: f64) -> u32 {
    let mut sum = caller.sum();
    for (age, &count) in caller.counts.iter().enumerate().rev() {
        sum -= count.min(sum);
        if sum < most {
            let passes = (caller.slice + (SLICES - age) as f64) * SLICE_MS;
            return ((passes - now) / 1_000.0).ceil().clamp(1.0, 65.0) as u32;
        }
    }
    65
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_each_caller_by_itself() {
        let mut limiter = Limiter::new(2);
        for caller in ["甲", "乙"] {
            assert_eq!(limiter.admit(caller, 1_000.0), Ok(()));
            assert_eq!(limiter.admit(caller, 2_000.0), Ok(()));
            assert_eq!(limiter.admit(caller, 3_000.0), Err(62));
            assert_eq!(limiter.admit(caller, 64_999.0), Err(1));
        }
        assert_eq!(limiter.admit("甲", 65_000.0), Ok(()));
        assert_eq!(Limiter::new(0).admit("甲", 0.0), Err(65));
    }

    #[test]
    fn remembers_only_so_many_callers() {
        let mut limiter = Limiter::new(1);
        for n in 0..MAX_CALLERS + 100 {
            assert_eq!(limiter.admit(&n.to_string(), n as f64), Ok(()));
        }
        assert_eq!(limiter.callers.len(), MAX_CALLERS);
        assert!(limiter.callers.is_sorted_by(|one, two| one.id < two.id));
        // A minute later all of them are idle.
        assert_eq!(limiter.admit("new", 100_000.0), Ok(()));
        assert_eq!(limiter.callers.len(), 1);
    }

    #[test]
    fn is_not_opened_by_setting_the_clock_back() {
        let mut limiter = Limiter::new(1);
        assert_eq!(limiter.admit("", 1e12), Ok(()));
        assert!(limiter.admit("", 0.0).is_err());
        assert!(limiter.admit("", f64::NAN).is_err());
        assert_eq!(limiter.admit("", 1e12 + 65_000.0), Ok(()));
    }

    proptest! {
        #[test]
        fn lets_no_more_through_in_any_minute(most in 0u32..20, steps in prop::collection::vec(0.0f64..20_000.0, 0..200)) {
            let mut limiter = Limiter::new(most);
            let mut now = 1.7e12;
            let mut admitted: Vec<f64> = Vec::new();
            for step in steps {
                now += step;
                match limiter.admit("甲", now) {
                    Ok(()) => admitted.push(now),
                    Err(seconds) if most > 0 => {
                        // Nothing was promised that is not kept, and no more than a slice is waited for in vain.
                        let mut later = Limiter { most, callers: limiter.callers.iter().map(|c| Caller { id: c.id.clone(), ..*c }).collect() };
                        prop_assert_eq!(later.admit("甲", now + f64::from(seconds) * 1_000.0), Ok(()));
                    }
                    Err(_) => {}
                }
            }
            for (index, start) in admitted.iter().enumerate() {
                let within = admitted[index..].iter().filter(|at| **at - start < 60_000.0).count();
                prop_assert!(within <= most as usize, "{} calls within a minute of {}", within, start);
            }
        }
    }
}
