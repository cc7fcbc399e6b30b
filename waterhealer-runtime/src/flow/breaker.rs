//! The circuit breaker of a stage: opens when too many of its calls fail. A pure state machine, which counts outcomes; what
//! an open one means is `settle`'s business.

use std::collections::VecDeque;

use crate::graph::{Breaker as Limits, Share};

/// Counts the outcomes of one stage.
#[derive(Debug)]
pub(super) struct Breaker {
    pub(super) limits: Limits,
    /// All so far: what a success adds to, and nothing else.
    outcomes: u64,
    /// Failures right after one another, up to the last one.
    run: u64,
    /// When the last ones were, as numbers of outcomes; those that the share still counts, and the last.
    failures: VecDeque<u64>,
}

/// Why a breaker has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opened {
    /// So many failed, one right after another.
    Run(u64),
    /// So many of so many failed.
    Share(u64, u64),
}

impl Breaker {
    pub(super) fn new(limits: Limits) -> Self {
        Breaker {
            limits,
            outcomes: 0,
            run: 0,
            failures: VecDeque::new(),
        }
    }

    /// So many calls went well.
    #[inline]
    pub(super) fn pass(&mut self, calls: u64) {
        self.outcomes += calls;
    }

    /// One call has failed.
    pub(super) fn fail(&mut self) -> Option<Opened> {
        self.outcomes += 1;
        let now = self.outcomes;
        self.run = match self.failures.back() {
            Some(last) if *last + 1 == now => self.run + 1,
            _ => 1,
        };
        self.failures.push_back(now);
        let window = self.limits.share.map_or(1, |share| share.of);
        while self
            .failures
            .front()
            .is_some_and(|first| first + window <= now)
        {
            self.failures.pop_front();
        }
        let run = self
            .limits
            .consecutive
            .is_some_and(|most| self.run >= most)
            .then_some(Opened::Run(self.run));
        run.or_else(|| {
            let share = self.limits.share?;
            let failed = self.failures.len() as u64;
            let opens = failed * 100 >= share.percent * share.of;
            opens.then_some(Opened::Share(failed, share.of.min(now)))
        })
    }
}

impl Opened {
    /// What has happened, and which limit that was.
    pub(super) fn say(self, limits: &Limits) -> String {
        match (self, limits.share) {
            (
                Opened::Share(failed, of),
                Some(Share {
                    percent,
                    of: window,
                }),
            ) => {
                format!(
                    "{failed} of its last {of} calls failed, and its breaker opens at {percent}% of {window}"
                )
            }
            (Opened::Share(failed, of), None) => format!("{failed} of its last {of} calls failed"),
            (Opened::Run(failed), _) => {
                format!(
                    "its last {failed} calls failed one right after another, and its breaker opens there"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn breaker(consecutive: Option<u64>, share: Option<(u64, u64)>) -> Breaker {
        Breaker::new(Limits {
            consecutive,
            share: share.map(|(percent, of)| Share { percent, of }),
            rows: false,
        })
    }

    #[test]
    fn a_success_ends_a_run() {
        let mut breaker = breaker(Some(3), None);
        assert_eq!((breaker.fail(), breaker.fail()), (None, None));
        breaker.pass(1);
        assert_eq!((breaker.fail(), breaker.fail()), (None, None));
        assert_eq!(breaker.fail(), Some(Opened::Run(3)));
    }

    #[test]
    fn failures_leave_the_window() {
        let mut breaker = breaker(None, Some((20, 10)));
        assert_eq!(breaker.fail(), None);
        breaker.pass(9);
        // The first is the eleventh last now.
        assert_eq!(breaker.fail(), None);
        breaker.pass(8);
        assert_eq!(breaker.fail(), Some(Opened::Share(2, 10)));
    }

    #[test]
    fn it_does_not_wait_for_a_full_window() {
        let mut breaker = breaker(None, Some((50, 4)));
        assert_eq!(breaker.fail(), None);
        assert_eq!(breaker.fail(), Some(Opened::Share(2, 2)));
    }

    #[test]
    fn what_it_says_has_the_numbers() {
        let all = breaker(Some(7), Some((20, 1_000))).limits;
        let share = Opened::Share(200, 1_000).say(&all);
        assert!(
            share.contains("200 of its last 1000") && share.contains("20% of 1000"),
            "{share}"
        );
        assert!(Opened::Run(7).say(&all).contains("last 7 calls"));
    }

    proptest! {
        /// As a list of all outcomes would have it.
        #[test]
        fn it_opens_when_a_plain_count_does(
            outcomes in proptest::collection::vec(any::<bool>(), 0..300),
            most in 1_u64..6,
            percent in 1_u64..=100,
            of in 1_u64..40,
        ) {
            let mut breaker = breaker(Some(most), Some((percent, of)));
            for (index, failed) in outcomes.iter().enumerate() {
                if !failed {
                    breaker.pass(1);
                    continue;
                }
                let so_far = &outcomes[..=index];
                let run = so_far.iter().rev().take_while(|failed| **failed).count() as u64;
                let window = so_far.len().saturating_sub(of as usize);
                let share = so_far[window..].iter().filter(|failed| **failed).count() as u64;
                let opens = run >= most || share * 100 >= percent * of;
                prop_assert_eq!(breaker.fail().is_some(), opens, "at {}", index);
                prop_assert!(breaker.failures.len() as u64 <= of);
            }
        }
    }
}
