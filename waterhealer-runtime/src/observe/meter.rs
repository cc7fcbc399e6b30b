//! What one stage has done since the start: calls, values given, failures, how long calls took, and by choice how large
//! values were. Plain numbers, counted by the lane alone; others read copies.

use std::time::Duration;

use super::sizes::Sizes;

/// What one stage has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Meter {
    /// Calls begun; of an operator, values put in. A batch is one value.
    pub(crate) calls: u64,
    /// Values handed on.
    pub(crate) given: u64,
    /// Calls made again by `retry`; they are among the calls.
    pub(crate) again: u64,
    /// Failures by [`Kind`], those that another attempt has mended left out.
    pub(crate) errors: [u64; Kind::ALL.len()],
    pub(crate) times: Times,
    /// How large the values were that went in; only by choice.
    pub(crate) input: Sizes,
    /// How large the values were that were handed on; only by choice.
    pub(crate) output: Sizes,
    /// How many calls there have been when the next one is timed.
    next: u64,
    /// How many there were when the last one was, up to which the next one stands for all.
    last: u64,
}

/// What kind of failure a stage had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It answered with an error.
    Error,
    Panic,
    Timeout,
    /// What it worked on was lost: a defect of ours or forged by `unsafe` code.
    Lost,
}

/// How long calls took. Of quick calls one in [`EVERY`] is timed and stands for the others, of slow ones each: so sums, counts and
/// shares are right on average, and timing costs next to nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Calls by the first of [`BOUNDS`] that they did not exceed; the last are those above all bounds.
    pub(crate) buckets: [u64; BOUNDS.len() + 1],
    /// Nanoseconds of all calls together.
    pub(crate) sum: u64,
}

/// Upper bounds of the buckets, in nanoseconds: from a microsecond to a minute.
pub(crate) const BOUNDS: [u64; 20] = [
    1_000,
    5_000,
    10_000,
    50_000,
    100_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
    60_000_000_000,
];

/// One in so many quick calls is timed.
const EVERY: u64 = 64;

/// From this on a call is slow.
const SLOW: u64 = 10_000;

impl Meter {
    /// One more call. If it is to be timed, for how many calls it stands.
    #[inline]
    pub(crate) fn begin(&mut self) -> Option<u64> {
        self.calls += 1;
        (self.calls > self.next).then(|| {
            let last = std::mem::replace(&mut self.last, self.calls);
            self.calls - last
        })
    }

    /// A timed call that stands for so many has taken so long.
    #[cold]
    pub(crate) fn end(&mut self, calls: u64, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.times.note(nanos, calls);
        self.next = match nanos < SLOW {
            true => self.calls + EVERY - 1,
            false => self.calls,
        };
    }

    /// One more failure.
    pub(crate) fn fail(&mut self, kind: Kind) {
        self.errors[kind as usize] += 1;
    }

    /// Adds what the same stage of another lane has done.
    pub(crate) fn add(&mut self, other: &Meter) {
        self.calls += other.calls;
        self.given += other.given;
        self.again += other.again;
        for (sum, count) in self.errors.iter_mut().zip(other.errors) {
            *sum += count;
        }
        let buckets = self.times.buckets.iter_mut();
        for (sum, count) in buckets.zip(other.times.buckets) {
            *sum += count;
        }
        self.times.sum = self.times.sum.saturating_add(other.times.sum);
        self.input.add(&other.input);
        self.output.add(&other.output);
    }
}

impl Times {
    /// So many calls have taken so long each.
    pub(crate) fn note(&mut self, nanos: u64, calls: u64) {
        let bucket = BOUNDS.partition_point(|bound| *bound < nanos);
        self.buckets[bucket] += calls;
        self.sum = self.sum.saturating_add(nanos.saturating_mul(calls));
    }

    /// How many calls it tells of.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Error, Kind::Panic, Kind::Timeout, Kind::Lost];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Error => "error",
            Kind::Panic => "panic",
            Kind::Timeout => "timeout",
            Kind::Lost => "lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_quick_calls_some_are_timed_and_stand_for_all() {
        let mut meter = Meter::default();
        let mut timed = 0;
        for _ in 0..1_000 {
            if let Some(calls) = meter.begin() {
                meter.end(calls, Duration::from_nanos(500));
                timed += 1;
            }
        }
        assert_eq!(timed, 16, "the first, and each 64th after it");
        assert_eq!(meter.calls, 1_000);
        assert_eq!(meter.times.count(), 961, "up to the last that was timed");
        assert_eq!(meter.times.buckets[0], 961);
        assert_eq!(meter.times.sum, 961 * 500);
    }

    #[test]
    fn each_slow_call_is_timed() {
        let mut meter = Meter::default();
        for millis in 1..=100 {
            assert_eq!(meter.begin(), Some(1));
            meter.end(1, Duration::from_millis(millis));
        }
        assert_eq!(meter.times.count(), 100);
        assert_eq!(meter.times.sum, 5_050_000_000);
        let up_to_25_ms: u64 = meter.times.buckets[..=10].iter().sum();
        assert_eq!(up_to_25_ms, 25);
    }

    #[test]
    fn calls_that_are_under_way_together_are_counted_once_each() {
        let mut meter = Meter::default();
        for _ in 0..10 {
            let begun: Vec<u64> = (0..10).filter_map(|_| meter.begin()).collect();
            for calls in begun {
                meter.end(calls, Duration::from_secs(1));
            }
        }
        assert_eq!((meter.calls, meter.times.count()), (100, 100));
    }
}
