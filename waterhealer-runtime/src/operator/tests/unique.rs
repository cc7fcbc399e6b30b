//! `unique`: what is seen as a copy, what is forgotten on revoke; and that every key is done at least once, whatever is
//! revoked and read again.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::Rig;
use crate::ledger::{Epoch, SlotId, Ticket};
use crate::operator::{Held, Operator, Unique};

fn passes<T>(rig: &mut Rig, unique: &mut Unique<T>, value: T, partition: u32) -> Option<Ticket> {
    let ticket = rig.record(partition);
    let ready = rig.push::<0, _>(unique, value, ticket);
    ready.map(|(_, ticket)| ticket)
}

/// What goes on of these values, each of which is finished before the next comes.
fn of(history: Option<usize>, values: &[i32]) -> Vec<i32> {
    let (mut rig, mut unique) = (Rig::new(1), Unique::new(history, |value: &i32| *value));
    let mut went = Vec::new();
    for value in values {
        if let Some(ticket) = passes(&mut rig, &mut unique, *value, 0) {
            rig.settle(ticket);
            went.push(*value);
        }
    }
    assert_eq!(rig.position(0), Some(values.len() as i64));
    assert_eq!(unique.held(), Held::default());
    went
}

#[test]
fn copies_end_here_as_far_back_as_it_remembers() {
    assert_eq!(of(Some(1), &[1, 1, 2, 2, 2, 1, 3]), [1, 2, 1, 3]);
    assert_eq!(of(None, &[1, 1, 2, 2, 2, 1, 3]), [1, 2, 3]);
    // A key that is seen again is the last again: 2 is forgotten for 3, not 1.
    assert_eq!(of(Some(2), &[1, 2, 1, 3, 1, 2]), [1, 2, 3, 2]);
}

#[test]
fn a_record_that_is_read_again_after_a_revoke_is_not_its_own_copy() {
    let (mut rig, mut unique) = (Rig::new(2), Unique::new(None, |value: &i32| *value));
    let first = passes(&mut rig, &mut unique, 1, 0).expect("it is new");
    rig.ledger.abandon(first);
    let other = passes(&mut rig, &mut unique, 2, 1).expect("it is new");
    rig.settle(other);
    rig.revoke(&mut unique, &[0]);
    rig.ledger.open(SlotId(0), Epoch(9));
    let again = passes(&mut rig, &mut unique, 1, 0).expect("it was not done");
    rig.settle(again);
    assert!(
        passes(&mut rig, &mut unique, 2, 1).is_none(),
        "of a partition that stays"
    );
}

#[test]
fn a_batch_is_forgotten_with_any_of_its_records() {
    for revoked in 0..2 {
        let (mut rig, mut unique) = (Rig::new(2), Unique::new(None, |value: &i32| *value));
        let members = vec![rig.record(0), rig.record(1)];
        let batch = rig.ledger.join(members);
        let (_, batch) = rig.push::<0, _>(&mut unique, 1, batch).expect("it is new");
        rig.ledger.abandon(batch);
        rig.revoke(&mut unique, &[revoked]);
        let again = passes(&mut rig, &mut unique, 1, 1 - revoked).expect("it may be read again");
        rig.settle(again);
    }
}

#[test]
fn what_comes_late_of_an_assignment_that_is_over_is_not_remembered() {
    let (mut rig, mut unique) = (Rig::new(2), Unique::new(None, |value: &i32| *value));
    let (closing, late) = (rig.record(0), rig.record(0));
    rig.ledger.close(SlotId(0));
    let (_, closing) = rig
        .push::<0, _>(&mut unique, 1, closing)
        .expect("it is new");
    rig.ledger.forget(SlotId(0));
    let (_, late) = rig.push::<0, _>(&mut unique, 1, late).expect("still new");
    let now = passes(&mut rig, &mut unique, 1, 1).expect("still new");
    for ticket in [closing, late, now] {
        rig.settle(ticket);
    }
}

#[test]
fn a_key_that_panics_fails_its_record_alone() {
    let mut rig = Rig::new(1);
    let mut unique = Unique::new(Some(1), |value: &i32| 10 / *value);
    assert!(passes(&mut rig, &mut unique, 0, 0).is_none());
    assert_eq!(rig.failures.len(), 1);
    let next = passes(&mut rig, &mut unique, 1, 0).expect("it is new");
    rig.settle(next);
    assert_eq!((rig.position(0), rig.working(0)), (Some(0), 0));
}

const PARTITIONS: u32 = 3;

#[derive(Debug, Clone)]
enum Step {
    Read { partition: u32 },
    Settle { pick: usize },
    Revoke { partition: u32, in_time: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let partition = 0..PARTITIONS;
    prop_oneof![
        6 => partition.clone().prop_map(|partition| Step::Read { partition }),
        3 => any::<usize>().prop_map(|pick| Step::Settle { pick }),
        1 => (partition, any::<bool>()).prop_map(|(partition, in_time)| Step::Revoke { partition, in_time }),
    ]
}

/// What went on: a key, where it was read, in which assignment, and its ticket.
struct UnderWay {
    key: u8,
    partition: u32,
    epoch: u32,
    ticket: Ticket,
}

/// Partitions whose records' keys are given; one that is revoked is read again from its position.
struct Log {
    rig: Rig,
    unique: Unique<u8>,
    keys: Vec<Vec<u8>>,
    epochs: Vec<u32>,
    last_epoch: u32,
    under_way: Vec<UnderWay>,
    history: Option<usize>,
    /// What a naive `unique` knows: keys and in which assignment they were first seen, the last one last.
    known: Vec<(u8, u32)>,
    read: BTreeSet<u8>,
    done: BTreeSet<u8>,
}

impl Log {
    fn read(&mut self, partition: u32) {
        let at = self.rig.delivered.get(&partition).copied().unwrap_or(0);
        let Some(key) = self.keys[partition as usize].get(at as usize).copied() else {
            return;
        };
        self.read.insert(key);
        let went = passes(&mut self.rig, &mut self.unique, key, partition);
        let epoch = self.epochs[partition as usize];
        let known = self.known.iter().position(|(known, _)| *known == key);
        assert_eq!(went.is_none(), known.is_some());
        let entry = known.map_or((key, epoch), |at| self.known.remove(at));
        self.known.push(entry);
        if self
            .history
            .is_some_and(|history| self.known.len() > history)
        {
            self.known.remove(0);
        }
        self.under_way.extend(went.map(|ticket| UnderWay {
            key,
            partition,
            epoch,
            ticket,
        }));
    }

    /// Finishes what is under way; if its partition was given up, nobody counts on it.
    fn settle(&mut self, pick: usize) {
        if let Some(at) = pick.checked_rem(self.under_way.len()) {
            let it = self.under_way.swap_remove(at);
            if self.epochs[it.partition as usize] == it.epoch {
                self.done.insert(it.key);
            }
            self.rig.settle(it.ticket);
        }
    }

    fn revoke(&mut self, partition: u32, in_time: bool) {
        if in_time {
            // Whether or not what was under way got finished before the partition went.
            while let Some(at) = self
                .under_way
                .iter()
                .position(|it| it.partition == partition)
            {
                self.settle(at);
            }
        }
        let position = self.rig.position(partition).unwrap_or(0);
        self.rig.ledger.close(SlotId(partition));
        self.rig.at_desk(|desk| self.unique.forget(desk));
        self.rig.ledger.forget(SlotId(partition));
        let given_up = self.epochs[partition as usize];
        self.known.retain(|(_, epoch)| *epoch != given_up);
        self.last_epoch += 1;
        self.epochs[partition as usize] = self.last_epoch;
        self.rig
            .ledger
            .open(SlotId(partition), Epoch(self.last_epoch));
        self.rig.delivered.insert(partition, position);
    }

    /// Reads everything to its end.
    fn finish(mut self) {
        for partition in 0..PARTITIONS {
            for _ in 0..self.keys[partition as usize].len() {
                self.read(partition);
            }
        }
        while !self.under_way.is_empty() {
            self.settle(0);
        }
        assert_eq!(self.done, self.read, "committed, and not done");
        for (partition, keys) in (0..).zip(&self.keys) {
            let position = self.rig.position(partition).unwrap_or(keys.len() as i64);
            assert_eq!(position, keys.len() as i64);
            assert_eq!(self.rig.working(partition), 0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn every_key_is_done_at_least_once(
        history in prop::option::of(1..5_usize),
        keys in prop::collection::vec(prop::collection::vec(0..8_u8, 0..12), PARTITIONS as usize),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut log = Log {
            rig: Rig::new(PARTITIONS),
            unique: Unique::new(history, |key: &u8| *key),
            keys,
            epochs: (1..=PARTITIONS).collect(),
            last_epoch: PARTITIONS,
            under_way: Vec::new(),
            history,
            known: Vec::new(),
            read: BTreeSet::new(),
            done: BTreeSet::new(),
        };
        for step in steps {
            match step {
                Step::Read { partition } => log.read(partition),
                Step::Settle { pick } => log.settle(pick),
                Step::Revoke { partition, in_time } => log.revoke(partition, in_time),
            }
        }
        log.finish();
    }
}
