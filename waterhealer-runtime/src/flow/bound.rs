//! How much may be in flight: in records and in bytes, in each partition and in all. Pure: which partitions are to be held
//! back now. Pausing them is `poll`'s.

use crate::config::Bound;

/// What is in flight of one partition.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) paused: bool,
    /// Its lane has nothing to do: what is in flight is held for more to come.
    pub(super) resting: bool,
    /// How often the partition's bound was doubled for operators that hold more than it allows.
    pub(super) doubled: u32,
}

/// What is to be done about one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) pause: bool,
    pub(super) doubled: u32,
}

/// The judgement, which needs a running pipeline; the bounds themselves are settings.
impl Bound {
    /// The verdict about each partition. One that is held back goes on at half of its bound: the client drops what it has
    /// fetched at each pause, so pauses must be rare.
    ///
    /// Where the bound of all together is reached, those that have more than the average wait: the one that is slow, not
    /// those that are quick. Where operators hold so much that the bound is reached and nothing moves any more, pausing
    /// would be for ever; the partition's bound is doubled until something moves.
    pub(super) fn judge(&self, loads: &[Load]) -> Vec<Verdict> {
        let records: u64 = loads.iter().map(|load| load.records).sum();
        let bytes: u64 = loads.iter().map(|load| load.bytes).sum();
        let count = loads.len().max(1) as u64;
        let verdict = |load: &Load| {
            // Half of the bound for one that is held back already.
            let half = u32::from(load.paused);
            let over = |load: u64, bound: u64, doubled: u32| {
                let bound = bound.checked_shl(doubled).unwrap_or(u64::MAX).max(bound) >> half;
                load > 0 && load >= bound
            };
            let own = |doubled| {
                over(load.records, self.records, doubled) || over(load.bytes, self.bytes, doubled)
            };
            let shared = over(records, self.all_records, load.doubled)
                && load.records >= records / count
                || over(bytes, self.all_bytes, load.doubled) && load.bytes >= bytes / count;
            let full = own(load.doubled) || shared;
            match (full, load.resting) {
                (true, true) => Verdict {
                    pause: false,
                    doubled: (load.doubled + 1).min(32),
                },
                (true, false) => Verdict {
                    pause: true,
                    doubled: load.doubled,
                },
                (false, _) => Verdict {
                    pause: false,
                    doubled: if own(0) { load.doubled } else { 0 },
                },
            }
        };
        loads.iter().map(verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Bound = Bound {
        records: 100,
        bytes: 1_000,
        all_records: 250,
        all_bytes: 2_500,
    };

    fn load(records: u64, bytes: u64) -> Load {
        Load {
            records,
            bytes,
            ..Load::default()
        }
    }

    fn pauses(loads: &[Load]) -> Vec<bool> {
        let verdicts = BOUND.judge(loads);
        verdicts.iter().map(|verdict| verdict.pause).collect()
    }

    #[test]
    fn one_partition_is_held_back_by_records_or_bytes_and_the_others_go_on() {
        let loads = [load(99, 999), load(100, 10), load(1, 1_000), load(0, 0)];
        assert_eq!(pauses(&loads), [false, true, true, false]);
    }

    #[test]
    fn it_goes_on_below_half_of_the_bound() {
        let paused = |records| Load {
            paused: true,
            ..load(records, 1)
        };
        assert_eq!(pauses(&[paused(50)]), [true]);
        assert_eq!(pauses(&[paused(49)]), [false]);
    }

    #[test]
    fn where_all_have_too_much_together_those_above_the_average_wait() {
        let loads = [load(90, 1), load(80, 1), load(79, 1), load(1, 1)];
        assert_eq!(pauses(&loads), [true, true, true, false]);
        let loads = [load(1, 950), load(1, 800), load(1, 700), load(1, 50)];
        assert_eq!(pauses(&loads), [true, true, true, false]);
        assert_eq!(pauses(&[load(90, 1), load(90, 1)]), [false, false]);
    }

    #[test]
    fn what_is_held_for_more_is_never_kept_from_more() {
        let mut held = Load {
            paused: true,
            resting: true,
            ..load(100, 1)
        };
        for _ in 0..3 {
            let verdict = BOUND.judge(&[held])[0];
            assert!(!verdict.pause);
            held.paused = false;
            held.doubled = verdict.doubled;
            // It fills up to the new bound, and the window still is not full.
            held.records = 100 << held.doubled;
        }
        assert_eq!(held.doubled, 3);
        // The window went on at last.
        held.resting = false;
        held.records = 10;
        let verdict = BOUND.judge(&[held])[0];
        assert_eq!((verdict.pause, verdict.doubled), (false, 0));
    }

    #[test]
    fn no_bound_overflows() {
        let all = Bound {
            records: u64::MAX,
            bytes: u64::MAX,
            all_records: u64::MAX,
            all_bytes: u64::MAX,
        };
        let load = Load {
            doubled: 32,
            resting: true,
            ..load(1 << 40, 1 << 40)
        };
        assert!(!all.judge(&[load])[0].pause);
    }
}
