//! What may be paid, how fast, and how long it will take.

use super::{MAX_FAILURES_IN_A_ROW, Permit, Progress, Role, Run, Stopped, Work};

/// For how long a run keeps still at the least and at the most before it asks again, whatever the server wants: asking too
/// soon costs nothing.
const HOLD_MS: (f64, f64) = (1_000.0, 3_600_000.0);

impl Run {
    /// Whether a question that the store does not answer may be paid for, and how often it may be billed.
    pub fn permit(&mut self, id: u32, now: f64) -> Permit {
        let has_ended = self.stopped.is_some_and(|why| why != Stopped::Budget);
        if !has_ended && self.is_outdated(id) {
            return Permit::Outdated;
        }
        if self.stopped.is_some() {
            return Permit::No;
        }
        let reserved: u64 = self.under_way.iter().map(|job| u64::from(job.reserved)).sum();
        let left = self.limits.max_calls.saturating_sub(self.spent);
        if left == 0 {
            self.stopped = Some(Stopped::Budget);
            return Permit::No;
        }
        let Some(free) = left.checked_sub(reserved).filter(|&free| free > 0) else {
            return Permit::WhenOthersEnd;
        };
        if now < self.next_start {
            return Permit::Later(self.next_start - now);
        }
        let most = u64::from(self.limits.bills_per_call.max(1)).min(free) as u32;
        let Some(job) = self.under_way.iter_mut().find(|job| job.id == id) else { return Permit::No };
        job.reserved = most;
        if self.limits.calls_per_second.is_finite() {
            self.next_start = now.max(self.next_start) + 1000.0 / self.limits.calls_per_second;
        }
        self.first_paid_at.get_or_insert(now);
        Permit::Pay(most)
    }

    /// Whether a part that is not paid for yet would meet the company that is being looked for, or one that was found.
    fn is_outdated(&self, id: u32) -> bool {
        self.under_way.iter().filter(|job| job.id == id && job.work.role == Role::Part).any(|job| {
            self.is_searching() || job.work.companies.iter().any(|company| self.unsupported.contains(company))
        })
    }

    /// Puts a question back and keeps still for as long as the server wants. What came back while it was waited for says
    /// nothing new; being sent away again and again does.
    pub(super) fn hold_back(&mut self, work: Work, at: f64, wait_ms: f64) {
        if at >= self.held_until {
            self.held_in_a_row += 1;
            if self.held_in_a_row >= MAX_FAILURES_IN_A_ROW {
                self.stop(Stopped::Failing);
            }
        }
        self.held_until = self.held_until.max(at + wait_ms.clamp(HOLD_MS.0, HOLD_MS.1));
        self.next_start = self.next_start.max(self.held_until);
        self.queue.insert(0, work);
    }

    /// How far the run is.
    pub fn progress(&self, now: f64) -> Progress {
        let calls = self.plan.calls();
        let left = calls.saturating_sub(self.done) as f64;
        let paid = self.spent;
        let eta_ms = match self.first_paid_at {
            _ if left == 0.0 => Some(0.0),
            Some(first) if paid > 0 => Some((now - first).max(0.0) / paid as f64 * left),
            _ if self.done > 0 => Some((now - self.started).max(0.0) / self.done as f64 * left),
            _ => None,
        };
        Progress {
            calls,
            done: self.done,
            paid,
            from_store: self.from_store,
            failed: self.failed.len() as u64,
            relations: self.graph().relation_count() as u64,
            eta_ms,
        }
    }
}
