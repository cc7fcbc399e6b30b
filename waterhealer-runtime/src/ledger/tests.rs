//! The ledger against a naive model: random histories of deliveries (with gaps), splits, settlements in any order,
//! abandonments, revocations, re-assignments and late settlements, where the next owner is told what is finished or is not. Two
//! invariants are checked after every step:
//! 1. it never names a commit position past an unfinished delivered record;
//! 2. when all delivered records are finished, the position is one past the last of them.
//!
//! And of the finished offsets: what is named above the position is finished, nothing that is finished is left out, and
//! what is finished is passed over.
//!
//! Joined tickets have a model of their own, in `tests/joined.rs`.

mod joined;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Epoch, Finished, Ledger, Settled, SlotId, Ticket};

const SLOTS: usize = 3;

/// What the model knows of one assignment: each delivered offset and its open shares.
#[derive(Default)]
struct Model {
    epoch: u32,
    live: bool,
    open: BTreeMap<i64, u32>,
    end: Option<i64>,
    next: i64,
    /// What an owner before has finished.
    finished: BTreeSet<i64>,
}

impl Model {
    fn position(&self) -> Option<i64> {
        let unfinished = self.open.iter().find(|(_, open)| **open > 0);
        unfinished.map(|(offset, _)| *offset).or(self.end)
    }
}

impl Model {
    /// Every finished offset that is not below the position, as far as one set reaches.
    fn finished_above(&self) -> BTreeSet<i64> {
        let Some(position) = self.position() else {
            return BTreeSet::new();
        };
        let done = self.open.iter().filter(|(_, open)| **open == 0);
        let done = done.map(|(offset, _)| *offset);
        let to_come = self.finished.iter().copied();
        let to_come = to_come.filter(|offset| self.end.is_none_or(|end| *offset >= end));
        done.chain(to_come)
            // What is too far above does not fit.
            .filter(|offset| *offset >= position && *offset - position <= i64::from(u32::MAX))
            .collect()
    }
}

/// A ticket with what the model needs to follow it.
struct Held {
    ticket: Ticket,
    slot: usize,
    epoch: u32,
    offset: i64,
}

#[derive(Debug, Clone)]
enum Step {
    Deliver { slot: usize, gap: i64 },
    Split { pick: usize },
    Settle { pick: usize },
    Abandon { pick: usize },
    Revoke { slot: usize },
    Assign { slot: usize, back: i64, told: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let slot = 0..SLOTS;
    prop_oneof![
        6 => (slot.clone(), prop_oneof![4 => Just(0_i64), 1 => 1..5_i64, 1 => Just(1_i64 << 33)])
            .prop_map(|(slot, gap)| Step::Deliver { slot, gap }),
        2 => any::<usize>().prop_map(|pick| Step::Split { pick }),
        8 => any::<usize>().prop_map(|pick| Step::Settle { pick }),
        1 => any::<usize>().prop_map(|pick| Step::Abandon { pick }),
        1 => slot.clone().prop_map(|slot| Step::Revoke { slot }),
        2 => (slot, 0..4_i64, any::<bool>()).prop_map(|(slot, back, told)| Step::Assign { slot, back, told }),
    ]
}

struct Pair {
    ledger: Ledger,
    models: Vec<Model>,
    held: Vec<Held>,
    epochs: u32,
}

impl Pair {
    fn new() -> Self {
        let mut pair = Pair {
            ledger: Ledger::new(),
            models: (0..SLOTS).map(|_| Model::default()).collect(),
            held: Vec::new(),
            epochs: 0,
        };
        for slot in 0..SLOTS {
            pair.assign(slot, 0, Finished::default());
        }
        pair
    }

    fn assign(&mut self, slot: usize, next: i64, finished: Finished) {
        self.epochs += 1;
        let id = SlotId(slot as u32);
        self.ledger.open(id, Epoch(self.epochs));
        self.ledger.pass_over(id, &finished);
        self.models[slot] = Model {
            epoch: self.epochs,
            live: true,
            next,
            finished: finished.runs().flatten().collect(),
            ..Model::default()
        };
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Deliver { slot, gap } => {
                let model = &mut self.models[slot];
                if !model.live {
                    return;
                }
                let offset = model.next + gap;
                model.next = offset + 1;
                model.end = Some(offset + 1);
                let is_finished = model.finished.contains(&offset);
                model.open.insert(offset, u32::from(!is_finished));
                let passes = self.ledger.passes_over(SlotId(slot as u32), offset);
                assert_eq!(passes, is_finished);
                if passes {
                    return;
                }
                let ticket = self.ledger.deliver(SlotId(slot as u32), offset, None);
                self.held.push(Held {
                    ticket,
                    slot,
                    epoch: model.epoch,
                    offset,
                });
            }
            Step::Split { pick } => {
                let Some(held) = pick_from(&self.held, pick).map(|index| &self.held[index]) else {
                    return;
                };
                let (slot, epoch, offset) = (held.slot, held.epoch, held.offset);
                let ticket = self.ledger.split(&held.ticket);
                if let Some(open) = self.open_share(slot, epoch, offset) {
                    *open += 1;
                }
                self.held.push(Held {
                    ticket,
                    slot,
                    epoch,
                    offset,
                });
            }
            Step::Settle { pick } => {
                let Some(index) = pick_from(&self.held, pick) else {
                    return;
                };
                let held = self.held.swap_remove(index);
                let expected = match self.open_share(held.slot, held.epoch, held.offset) {
                    Some(open) => {
                        *open -= 1;
                        if *open == 0 {
                            Settled::Finished
                        } else {
                            Settled::Partly
                        }
                    }
                    None => Settled::Stale,
                };
                assert_eq!(self.ledger.settle(held.ticket), expected);
            }
            Step::Abandon { pick } => {
                // An abandoned share stays open in the model for ever.
                if let Some(index) = pick_from(&self.held, pick) {
                    self.ledger.abandon(self.held.swap_remove(index).ticket);
                }
            }
            Step::Revoke { slot } => {
                self.ledger.forget(SlotId(slot as u32));
                self.models[slot] = Model::default();
            }
            Step::Assign { slot, back, told } => {
                // The next owner starts at the position, or before it.
                let start = self.models[slot].position().unwrap_or(0);
                let finished = match told {
                    true => self.check_finished(slot),
                    false => Finished::default(),
                };
                self.assign(slot, (start - back).max(0), finished);
            }
        }
    }

    fn open_share(&mut self, slot: usize, epoch: u32, offset: i64) -> Option<&mut u32> {
        let model = &mut self.models[slot];
        (model.live && model.epoch == epoch)
            .then(|| model.open.get_mut(&offset))
            .flatten()
    }

    fn check(&self) {
        for (slot, model) in self.models.iter().enumerate() {
            let id = SlotId(slot as u32);
            let position = self.ledger.position(id);
            assert_eq!(position, if model.live { model.position() } else { None });
            let unfinished = model.open.iter().find(|(_, open)| **open > 0);
            if let (Some(position), Some((lowest, _))) = (position, unfinished) {
                assert!(
                    position <= *lowest,
                    "committed past the unfinished {lowest}"
                );
            }
            if model.live && unfinished.is_none() {
                assert_eq!(
                    position, model.end,
                    "all is finished, and the end is not reached"
                );
            }
            let shares = self
                .held
                .iter()
                .filter(|held| model.live && held.slot == slot && held.epoch == model.epoch)
                .count();
            assert_eq!(self.ledger.working(id), shares as u64);
        }
    }

    fn check_finished(&self, slot: usize) -> Finished {
        let above = self.ledger.finished_above(SlotId(slot as u32));
        let offsets: BTreeSet<i64> = above.runs().flatten().collect();
        assert_eq!(offsets, self.models[slot].finished_above());
        above
    }

    /// Tickets that are still held are handed back, so that none is dropped.
    fn finish(mut self) {
        for slot in 0..SLOTS {
            self.check_finished(slot);
        }
        while !self.held.is_empty() {
            self.apply(Step::Settle { pick: 0 });
            self.check();
        }
    }
}

fn pick_from(held: &[Held], pick: usize) -> Option<usize> {
    (!held.is_empty()).then(|| pick % held.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn it_does_what_the_naive_model_does(steps in prop::collection::vec(step(), 1..80)) {
        let mut pair = Pair::new();
        for step in steps {
            pair.apply(step);
            pair.check();
        }
        pair.finish();
        prop_assert_eq!(Ticket::take_dropped(), 0);
    }
}

#[test]
fn a_record_delivered_again_never_lowers_the_end() {
    let mut ledger = Ledger::new();
    let slot = SlotId(0);
    ledger.open(slot, Epoch(1));
    let first = ledger.deliver(slot, 10, None);
    let second = ledger.deliver(slot, 11, None);
    ledger.settle(second);
    let again = ledger.deliver(slot, 10, None);
    ledger.settle(first);
    assert_eq!(
        ledger.position(slot),
        Some(10),
        "delivered again, and not finished again"
    );
    ledger.settle(again);
    assert_eq!(ledger.position(slot), Some(12));
}

#[test]
fn a_record_delivered_twice_is_not_named_finished_while_it_is_open() {
    let mut ledger = Ledger::new();
    let slot = SlotId(0);
    ledger.open(slot, Epoch(1));
    let first = ledger.deliver(slot, 9, None);
    let done = ledger.deliver(slot, 10, None);
    ledger.settle(done);
    assert!(ledger.finished_above(slot).contains(10));
    let again = ledger.deliver(slot, 10, None);
    assert!(!ledger.finished_above(slot).contains(10));
    ledger.settle(again);
    assert!(ledger.finished_above(slot).contains(10));
    ledger.settle(first);
}

#[test]
fn what_is_finished_is_forgotten_once_its_last_was_delivered() {
    let mut ledger = Ledger::new();
    let slot = SlotId(0);
    let mut finished = Finished::new(3);
    finished.insert(5);
    ledger.open(slot, Epoch(1));
    ledger.pass_over(slot, &finished);
    assert!(ledger.slots[0].has_finished());
    // Compaction has removed the fifth.
    assert!(!ledger.passes_over(slot, 6));
    assert!(!ledger.slots[0].has_finished(), "it costs nothing any more");
    // A slot that no assignment uses takes none.
    ledger.forget(slot);
    ledger.pass_over(slot, &finished);
    assert!(!ledger.slots[0].has_finished());
}

#[test]
fn a_ticket_of_an_earlier_assignment_settles_nowhere() {
    let mut ledger = Ledger::new();
    let slot = SlotId(0);
    ledger.open(slot, Epoch(1));
    let late = ledger.deliver(slot, 5, None);
    ledger.forget(slot);
    ledger.open(slot, Epoch(2));
    let now = ledger.deliver(slot, 5, None);
    assert_eq!(ledger.settle(late), Settled::Stale);
    assert_eq!(ledger.position(slot), Some(5));
    assert_eq!(ledger.settle(now), Settled::Finished);
    assert_eq!(ledger.position(slot), Some(6));
}

#[test]
fn a_dropped_ticket_is_noticed_and_holds_its_record() {
    let mut ledger = Ledger::new();
    let slot = SlotId(0);
    ledger.open(slot, Epoch(1));
    drop(ledger.deliver(slot, 0, None));
    assert_eq!(Ticket::take_dropped(), 1);
    assert_eq!(Ticket::take_dropped(), 0);
    let next = ledger.deliver(slot, 1, None);
    ledger.settle(next);
    assert_eq!(ledger.position(slot), Some(0));
}

#[test]
fn a_ticket_takes_24_bytes() {
    assert_eq!(size_of::<Ticket>(), 24);
}

#[test]
fn records_in_flight_take_at_most_24_bytes_each() {
    let slot = SlotId(0);
    // A ring grows by doubling: the worst is just after it has, the bound is for the worst.
    for in_flight in [100_000_usize, (1 << 17) + 1] {
        let mut ledger = Ledger::new();
        ledger.open(slot, Epoch(1));
        let tickets: Vec<Ticket> = (0..in_flight as i64)
            .map(|offset| ledger.deliver(slot, offset, None))
            .collect();
        let bytes = ledger.slots[0].bytes();
        assert!(
            bytes >= 12 * in_flight && bytes <= 24 * in_flight,
            "{bytes} bytes for {in_flight} records"
        );
        for ticket in tickets {
            ledger.settle(ticket);
        }
    }
}
