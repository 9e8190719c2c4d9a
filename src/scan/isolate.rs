//! Which company of a refused call is at fault: found by asking for the others.
//!
//! 208, 215, 218 and 219 refuse a whole call for one company. Each further question leaves half of those in doubt out, so
//! that n suspects take log₂ n questions; where the last of them is answered, it covers every pair of the call that can be
//! covered, and nothing has to be asked again.

/// A search on its way. The numbers are the run's for companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// The call without what is known to be at fault.
    call: Vec<u32>,
    /// What is being asked: refused for one of the suspects, each of which is in it.
    within: Vec<u32>,
    suspects: Vec<u32>,
}

/// What comes next in a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Isolating {
    /// Ask for these and tell the answer.
    Ask(Vec<u32>),
    /// This one is at fault; then ask for the others, unless they have just been answered.
    Found {
        /// The company at fault.
        company: u32,
        /// The rest of the call, where it still has to be asked.
        rest: Option<Vec<u32>>,
    },
    /// None of them can be: each was in a call that was answered. The refusal means something else.
    Contradiction,
}

/// What a question of a search met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// The same refusal as the call itself.
    Refusal,
    /// An answer.
    Answer,
    /// Something that only companies QCC serves can meet, but no answer (207).
    Service,
}

impl Isolation {
    /// A search in a refused call. `is_clean` tells which companies were in a call that was answered: none of them can be at
    /// fault.
    pub fn new(call: Vec<u32>, is_clean: impl Fn(u32) -> bool) -> Self {
        let mut suspects = Vec::new();
        for &company in &call {
            if !is_clean(company) {
                suspects.push(company);
            }
        }
        Self { within: call.clone(), call, suspects }
    }

    /// What comes next.
    pub fn next(&self) -> Isolating {
        match *self.suspects {
            [] => Isolating::Contradiction,
            [company] => self.found(company, false),
            _ => Isolating::Ask(self.question()),
        }
    }

    /// The same after what [`Isolating::Ask`] met.
    pub fn told(&mut self, met: Met) -> Isolating {
        let question = self.question();
        if met == Met::Refusal {
            keep(&mut self.suspects, &question, true);
            self.within = question;
            return self.next();
        }
        keep(&mut self.suspects, &question, false);
        match *self.suspects {
            [company] => {
                let rest = without(&self.call, company);
                self.found(company, met == Met::Answer && rest == question)
            }
            _ => self.next(),
        }
    }

    /// What was refused, without half of the suspects.
    fn question(&self) -> Vec<u32> {
        let left_out = &self.suspects[self.suspects.len().div_ceil(2)..];
        let mut question = self.within.clone();
        keep(&mut question, left_out, false);
        question
    }

    fn found(&self, company: u32, answered: bool) -> Isolating {
        let rest = without(&self.call, company);
        Isolating::Found { company, rest: (!answered && rest.len() > 1).then_some(rest) }
    }
}

fn without(call: &[u32], company: u32) -> Vec<u32> {
    let mut rest = call.to_vec();
    keep(&mut rest, &[company], false);
    rest
}

/// Keeps of `list` what is in `others`, or, where not `among`, what is not. One function for the whole run: the standard
/// library's are copied for each use.
#[inline(never)]
pub(super) fn keep(list: &mut Vec<u32>, others: &[u32], among: bool) {
    list.retain(|company| others.contains(company) == among);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Plays a search against a server that refuses what has one of `faulty`; gives what was found and how many calls it
    /// took, the one for the rest included.
    fn play(call: &[u32], clean: &[u32], faulty: &[u32]) -> (Option<u32>, u32) {
        let mut isolation = Isolation::new(call.to_vec(), |company| clean.contains(&company));
        let mut next = isolation.next();
        let mut asked = 0;
        loop {
            match next {
                Isolating::Ask(question) => {
                    asked += 1;
                    assert!(!question.is_empty() && question.len() < call.len());
                    let refused = question.iter().any(|company| faulty.contains(company));
                    next = isolation.told(if refused { Met::Refusal } else { Met::Answer });
                }
                Isolating::Found { company, rest } => {
                    return (Some(company), asked + u32::from(rest.is_some()));
                }
                Isolating::Contradiction => return (None, asked),
            }
        }
    }

    #[test]
    fn takes_no_question_where_one_is_in_doubt() {
        assert_eq!(play(&[1, 2, 3], &[1, 3], &[2]), (Some(2), 1));
        assert_eq!(play(&[1, 2], &[1], &[2]), (Some(2), 0));
        assert_eq!(play(&[1, 2], &[1, 2], &[]), (None, 0));
    }

    #[test]
    fn takes_as_many_as_halving_does() {
        for size in 2..=20u32 {
            let call: Vec<u32> = (0..size).collect();
            for faulty in 0..size {
                let (found, asked) = play(&call, &[], &[faulty]);
                assert_eq!(found, Some(faulty));
                assert!(asked <= size.next_power_of_two().ilog2() + 1, "{size} {faulty} {asked}");
            }
        }
    }

    proptest! {
        #[test]
        fn finds_one_of_several(call in prop::collection::btree_set(0u32..50, 2..20), picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
            let call: Vec<u32> = call.into_iter().collect();
            let faulty: Vec<u32> = picks.iter().map(|pick| *pick.get(&call)).collect();
            let (found, _) = play(&call, &[], &faulty);
            prop_assert!(faulty.contains(&found.unwrap()));
        }
    }
}
