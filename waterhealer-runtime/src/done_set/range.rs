//! A binary range coder: each bit costs as much as it was unlikely to be, by an estimate that learns from those before it. Ranges
//! and carries are as in LZMA (Igor Pavlov, public domain); an estimate learns fast at first, and then slower.

/// An estimate of how likely a bit is to be zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    /// Of 65,536.
    zero: u16,
    seen: u8,
}

/// Never certain: what is certain cannot be contradicted.
const UNLIKELY: i32 = 32;
/// Of so many bits it takes the mean; an estimate that remembers more would follow too late.
const MEMORY: u8 = 250;

impl Default for Estimate {
    fn default() -> Self {
        Estimate {
            zero: 1 << 15,
            seen: 0,
        }
    }
}

impl Estimate {
    fn bound(self, range: u32) -> u32 {
        (range >> 16) * u32::from(self.zero)
    }

    fn learn(&mut self, bit: bool) {
        let zero = i32::from(self.zero);
        let target = if bit { 0 } else { 1 << 16 };
        let zero = zero + (target - zero) * 2 / (2 * i32::from(self.seen) + 3);
        self.zero = zero.clamp(UNLIKELY, (1 << 16) - UNLIKELY) as u16;
        self.seen = (self.seen + 1).min(MEMORY);
    }
}

/// Below this the range takes the next byte.
const LOW: u32 = 1 << 24;

pub(super) struct Encoder {
    low: u64,
    range: u32,
    /// The last byte that a carry may still change, and how many 0xff follow it.
    cache: Option<u8>,
    pending: usize,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Encoder {
            low: 0,
            range: u32::MAX,
            cache: None,
            pending: 0,
            bytes: Vec::new(),
        }
    }

    pub(super) fn bit(&mut self, estimate: &mut Estimate, bit: bool) {
        let bound = estimate.bound(self.range);
        if bit {
            self.low += u64::from(bound);
            self.range -= bound;
        } else {
            self.range = bound;
        }
        estimate.learn(bit);
        while self.range < LOW {
            self.range <<= 8;
            self.shift();
        }
    }

    fn shift(&mut self) {
        let (carry, top) = ((self.low >> 32) as u8, (self.low >> 24) as u8);
        if carry == 0 && top == 0xff {
            self.pending += 1;
        } else {
            if let Some(cache) = self.cache {
                self.bytes.push(cache.wrapping_add(carry));
            }
            let between = 0xff_u8.wrapping_add(carry);
            self.bytes
                .extend(std::iter::repeat_n(between, self.pending));
            self.pending = 0;
            self.cache = Some(top);
        }
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    /// At most so many bytes if it ended here.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() + self.pending + 5
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        // Of all numbers that say the same, one that ends in zeros: the decoder reads zeros behind the end.
        let last = self.low + u64::from(self.range) - 1;
        for zeros in [24, 16, 8, 0] {
            let rounded = last >> zeros << zeros;
            if rounded >= self.low {
                self.low = rounded;
                break;
            }
        }
        for _ in 0..5 {
            self.shift();
        }
        while self.bytes.last() == Some(&0) {
            self.bytes.pop();
        }
        self.bytes
    }
}

pub(super) struct Decoder<'a> {
    code: u32,
    range: u32,
    rest: std::slice::Iter<'a, u8>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Decoder {
            code: 0,
            range: u32::MAX,
            rest: bytes.iter(),
        };
        for _ in 0..4 {
            decoder.shift();
        }
        decoder
    }

    pub(super) fn bit(&mut self, estimate: &mut Estimate) -> bool {
        let bound = estimate.bound(self.range);
        let bit = self.code >= bound;
        if bit {
            self.code -= bound;
            self.range -= bound;
        } else {
            self.range = bound;
        }
        estimate.learn(bit);
        while self.range < LOW {
            self.range <<= 8;
            self.shift();
        }
        bit
    }

    fn shift(&mut self) {
        let byte = self.rest.next().copied().unwrap_or(0);
        self.code = (self.code << 8) | u32::from(byte);
    }
}
