//! When to look at the clock: about once a millisecond, however long the records take. Reading it after each would cost as
//! much as the record; reading it after so many would be late when they are slow.

use std::time::Duration;

use crate::clock::Moment;

/// Counts records between two looks at the clock.
#[derive(Debug)]
pub(super) struct Pace {
    left: u32,
    step: u32,
    last: Moment,
}

/// Records between two looks, at most.
const LONGEST: u32 = 1024;
const BETWEEN: Duration = Duration::from_millis(1);

impl Pace {
    pub(super) fn new() -> Self {
        Pace {
            left: 1,
            step: 1,
            last: Moment::default(),
        }
    }

    /// One more record; true when it is time to look.
    #[inline]
    pub(super) fn step(&mut self) -> bool {
        self.left -= 1;
        self.left == 0
    }

    /// Notes what the clock said.
    pub(super) fn looked(&mut self, now: Moment) {
        let quick = now.since(self.last) < BETWEEN;
        self.step = match quick {
            true => (self.step * 2).min(LONGEST),
            false => (self.step / 2).max(1),
        };
        self.left = self.step;
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_records_are_counted_and_slow_ones_timed() {
        let mut pace = Pace::new();
        let mut now = Moment::default();
        let mut looks = 0;
        for _ in 0..10_000 {
            now = now + Duration::from_nanos(50);
            if pace.step() {
                looks += 1;
                pace.looked(now);
            }
        }
        assert!((10..100).contains(&looks), "{looks}");
        // Now each takes 10 ms: after one long step at most, every record is followed by a look.
        for _ in 0..3_000 {
            now = now + Duration::from_millis(10);
            if pace.step() {
                pace.looked(now);
            }
        }
        assert!(pace.step());
    }
}
