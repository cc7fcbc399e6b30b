//! Random numbers from a seed, so that a run can be had again: SplitMix64.

/// A sequence that its seed decides.
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of the seed in `WATERHEALER_TEST_SEED`, or of a new one, which is printed.
    pub(crate) fn from_seed() -> Random {
        let seed = std::env::var("WATERHEALER_TEST_SEED")
            .ok()
            .map(|text| text.parse().expect("WATERHEALER_TEST_SEED is a number"))
            .unwrap_or_else(|| {
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                u64::from(now.expect("it is after 1970").subsec_nanos())
            });
        eprintln!("seed: WATERHEALER_TEST_SEED={seed}");
        Random(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
