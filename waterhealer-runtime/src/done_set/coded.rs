//! A set as runs in an adaptive code: the longer a pattern lasts, the less each run costs. Random sets come close to their
//! entropy, regular ones to nothing.

use super::range::{Decoder, Encoder, Estimate};
use super::{Body, MOST_RUNS, Sink, Step, number};

/// Of a number's bits behind the highest, so many are learnt; those behind them are even.
const LEARNT: u32 = 8;

/// What is known of numbers of one kind: how many bits they have, and which follow the highest.
struct Numbers {
    length: [Estimate; 64],
    /// By length, as a tree of bits.
    bits: Vec<Estimate>,
    even: Estimate,
}

impl Numbers {
    fn new() -> Self {
        Numbers {
            length: [Estimate::default(); 64],
            bits: vec![Estimate::default(); 64 << LEARNT],
            even: Estimate::default(),
        }
    }

    /// Codes a number from one on.
    fn write(&mut self, to: &mut Encoder, number: u64) {
        let length = number.max(1).ilog2();
        for place in 0..length {
            to.bit(&mut self.length[place as usize], true);
        }
        if length < 63 {
            to.bit(&mut self.length[length as usize], false);
        }
        let mut node = 1;
        for (place, shift) in (0..length).rev().enumerate() {
            let bit = number >> shift & 1 == 1;
            to.bit(self.estimate(length, place as u32, node), bit);
            node = node << 1 | usize::from(bit);
        }
    }

    fn read(&mut self, from: &mut Decoder<'_>) -> u64 {
        let mut length = 0;
        while length < 63 && from.bit(&mut self.length[length as usize]) {
            length += 1;
        }
        let (mut number, mut node) = (1_u64, 1);
        for place in 0..length {
            let bit = from.bit(self.estimate(length, place, node));
            number = number << 1 | u64::from(bit);
            node = node << 1 | usize::from(bit);
        }
        number
    }

    fn estimate(&mut self, length: u32, place: u32, node: usize) -> &mut Estimate {
        if place < LEARNT {
            return &mut self.bits[((length as usize) << LEARNT) + node];
        }
        self.even = Estimate::default();
        &mut self.even
    }
}

/// What is known of a set's steps.
struct Model {
    gaps: Numbers,
    runs: Numbers,
}

impl Model {
    fn new() -> Self {
        Model {
            gaps: Numbers::new(),
            runs: Numbers::new(),
        }
    }

    fn write(&mut self, to: &mut Encoder, step: Step) {
        // The first gap may be none.
        self.gaps.write(to, step.gap.saturating_add(1));
        self.runs.write(to, step.run);
    }
}

pub(super) fn write(steps: impl Iterator<Item = Step> + Clone, room: usize) -> Body {
    let (mut model, mut encoder) = (Model::new(), Encoder::new());
    let (mut fit, mut holds) = (0_u64, 0_u64);
    let mut count = Vec::new();
    for step in steps.clone() {
        model.write(&mut encoder, step);
        number_of(&mut count, fit + 1);
        if count.len() + encoder.len() > room {
            break;
        }
        fit += 1;
        holds += step.run;
    }
    // Once more without what was too much: a coder cannot go back.
    let (mut model, mut encoder) = (Model::new(), Encoder::new());
    for step in steps.take(fit as usize) {
        model.write(&mut encoder, step);
    }
    let mut bytes = Vec::new();
    number::write(&mut bytes, fit);
    bytes.extend(encoder.finish());
    Body { holds, bytes }
}

fn number_of(into: &mut Vec<u8>, count: u64) {
    into.clear();
    number::write(into, count);
}

pub(super) fn read(mut from: &[u8], sink: &mut Sink<'_>) -> Option<()> {
    let count = number::read(&mut from)?;
    if count > MOST_RUNS as u64 {
        return None;
    }
    let (mut model, mut decoder) = (Model::new(), Decoder::new(from));
    for _ in 0..count {
        let gap = model.gaps.read(&mut decoder) - 1;
        let run = model.runs.read(&mut decoder);
        sink.take(Step { gap, run })?;
    }
    Some(())
}
