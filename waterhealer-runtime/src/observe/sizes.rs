//! How large values are where they go in and where they come out, as they are serialised. One in so many is written out to be
//! counted and stands for the others, as with times.

/// Sizes of values, by the first of [`SIZES`] that they did not exceed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// The last are those above all bounds.
    pub(crate) buckets: [u64; SIZES.len() + 1],
    /// Bytes of all values together.
    pub(crate) sum: u64,
}

/// Upper bounds of the buckets, in bytes: from a word to more than a broker takes.
pub(crate) const SIZES: [u64; 12] = [
    16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
    67_108_864,
];

/// One in so many values is measured.
const EVERY: u64 = 64;

/// Says which values are measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sampler {
    seen: u64,
    /// How many there have been when the next one is measured.
    next: u64,
    last: u64,
}

impl Sizes {
    /// A measured value that stands for so many has so many bytes.
    pub(crate) fn note(&mut self, bytes: u64, values: u64) {
        let bucket = SIZES.partition_point(|bound| *bound < bytes);
        self.buckets[bucket] += values;
        self.sum = self.sum.saturating_add(bytes.saturating_mul(values));
    }

    /// How many values it tells of.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Adds what the same stage of another lane has seen.
    pub(crate) fn add(&mut self, other: &Sizes) {
        for (sum, count) in self.buckets.iter_mut().zip(other.buckets) {
            *sum += count;
        }
        self.sum = self.sum.saturating_add(other.sum);
    }
}

impl Sampler {
    /// One more value. If it is to be measured, for how many it stands.
    #[inline]
    pub(crate) fn step(&mut self) -> Option<u64> {
        self.seen += 1;
        (self.seen > self.next).then(|| {
            self.next = self.seen + EVERY - 1;
            let last = std::mem::replace(&mut self.last, self.seen);
            self.seen - last
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_in_64_is_measured_and_stands_for_the_others() {
        let (mut sampler, mut sizes) = (Sampler::default(), Sizes::default());
        let mut measured = 0;
        for _ in 0..1_000 {
            if let Some(values) = sampler.step() {
                sizes.note(100, values);
                measured += 1;
            }
        }
        assert_eq!(measured, 16, "the first, and each 64th after it");
        assert_eq!((sizes.count(), sizes.sum), (961, 96_100));
        assert_eq!(sizes.buckets[2], 961, "more than 64 bytes, at most 256");
    }

    #[test]
    fn what_is_above_all_bounds_is_counted_too() {
        let mut sizes = Sizes::default();
        sizes.note(16, 1);
        sizes.note(1 << 40, 2);
        let mut both = sizes.clone();
        both.add(&sizes);
        assert_eq!((both.buckets[0], both.buckets[SIZES.len()]), (2, 4));
        assert_eq!(both.sum, 2 * (16 + (2 << 40)));
    }
}
