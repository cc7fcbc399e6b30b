//! What every operator is held to under any history of values, time, revokes and late settlements: each of its answers is
//! what a naive model gives, and after each step every record is finished, or held, or under way, or let go, as the model
//! says; nothing is finished twice or early. What an operator should do is said by its `Case`.

use std::time::Duration;

use proptest::prelude::*;

use super::Rig;
use super::case::{Books, Case, Id, Ids};
use crate::ledger::{Epoch, SlotId, Ticket};
use crate::operator::{Held, Operator, Ready};

#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A record comes in and reaches the operator at once.
    Push {
        partition: u32,
        port: usize,
    },
    /// A record comes in and is kept by a stage before the operator.
    Deliver {
        partition: u32,
    },
    /// One of those reaches the operator, perhaps after its partition was given up.
    Arrive {
        pick: usize,
        port: usize,
    },
    Pass {
        time: u64,
    },
    /// The lane asks, though nothing may be due.
    Look,
    Settle {
        pick: usize,
    },
    /// One row of a batch is finished on its own.
    SettleRow {
        pick: usize,
        seat: usize,
    },
    LetGo {
        pick: usize,
    },
    /// A partition is given up and comes back.
    Revoke {
        partition: u32,
    },
}

const PARTITIONS: u32 = 3;

/// Histories of some length; times are in milliseconds, up to 40 a step.
pub(super) fn history() -> impl Strategy<Value = Vec<Step>> {
    let partition = 0..PARTITIONS;
    let (pick, port) = (any::<usize>(), any::<usize>());
    let step = prop_oneof![
        10 => (partition.clone(), port)
            .prop_map(|(partition, port)| Step::Push { partition, port }),
        1 => partition.clone().prop_map(|partition| Step::Deliver { partition }),
        1 => (pick, port).prop_map(|(pick, port)| Step::Arrive { pick, port }),
        4 => (0..40_u64).prop_map(|time| Step::Pass { time }),
        1 => Just(Step::Look),
        4 => pick.prop_map(|pick| Step::Settle { pick }),
        2 => (pick, any::<usize>())
            .prop_map(|(pick, seat)| Step::SettleRow { pick, seat }),
        1 => pick.prop_map(|pick| Step::LetGo { pick }),
        1 => partition.prop_map(|partition| Step::Revoke { partition }),
    ];
    prop::collection::vec(step, 1..60)
}

/// Runs a history, ends it with or without a drain, and checks everything after each step.
pub(super) fn run<C: Case>(case: C, steps: Vec<Step>, drain: bool) {
    let mut bench = Bench {
        rig: Rig::new(PARTITIONS),
        operator: case.operator(),
        case,
        books: Books::default(),
        records: Vec::new(),
        epochs: (1..=PARTITIONS).collect(),
        upstream: Vec::new(),
        out: Vec::new(),
    };
    for step in steps {
        bench.apply(step);
        bench.check();
    }
    bench.end(drain);
}

struct Record {
    partition: u32,
    epoch: u32,
    offset: i64,
    lost: bool,
}

/// What has come out: the records in it by their seats; a seat whose row was finished is empty.
struct Out {
    ticket: Ticket,
    seats: Vec<Option<Id>>,
}

struct Bench<C: Case> {
    rig: Rig,
    operator: C::Operator,
    case: C,
    books: Books,
    records: Vec<Record>,
    /// Of each partition's assignment.
    epochs: Vec<u32>,
    upstream: Vec<(Id, Ticket)>,
    out: Vec<Out>,
}

impl<C: Case> Bench<C> {
    fn apply(&mut self, step: Step) {
        match step {
            Step::Push { partition, port } => {
                let (id, ticket) = self.deliver(partition);
                self.push(port, id, ticket);
            }
            Step::Deliver { partition } => {
                let delivered = self.deliver(partition);
                self.upstream.push(delivered);
            }
            Step::Arrive { pick, port } => {
                if let Some(at) = choose(pick, self.upstream.len()) {
                    let (id, ticket) = self.upstream.remove(at);
                    self.push(port, id, ticket);
                }
            }
            Step::Pass { time } => {
                self.rig.advance(Duration::from_millis(time));
                self.books.now = self.rig.now;
                match self.rig.effects.wake {
                    Some(wake) if wake <= self.rig.now => self.look(),
                    _ => assert_eq!(self.case.on_due(&mut self.books), None, "nobody is woken"),
                }
            }
            Step::Look => self.look(),
            Step::Settle { pick } => {
                if let Some(at) = choose(pick, self.out.len()) {
                    self.rig.settle(self.out.swap_remove(at).ticket);
                }
            }
            Step::SettleRow { pick, seat } => self.settle_row(pick, seat),
            Step::LetGo { pick } => {
                if let Some(at) = choose(pick, self.out.len()) {
                    let out = self.out.swap_remove(at);
                    self.rig.ledger.abandon(out.ticket);
                    self.lose(&out.seats.into_iter().flatten().collect::<Vec<_>>());
                }
            }
            Step::Revoke { partition } => self.revoke(partition),
        }
    }

    fn deliver(&mut self, partition: u32) -> (Id, Ticket) {
        let ticket = self.rig.record(partition);
        self.records.push(Record {
            partition,
            epoch: self.epochs[partition as usize],
            offset: self.rig.delivered[&partition] - 1,
            lost: false,
        });
        (self.records.len() as Id - 1, ticket)
    }

    fn push(&mut self, port: usize, id: Id, ticket: Ticket) {
        let ready = self
            .case
            .push(&mut self.rig, &mut self.operator, port, id, ticket);
        let expected = self.case.on_push(&mut self.books, port, id);
        self.comes_out(ready, expected);
    }

    /// Asks as the lane does: until nothing is given. Whoever still waits has to say so again.
    fn look(&mut self) {
        self.rig.effects.wake = None;
        loop {
            let ready = self.rig.due(&mut self.operator);
            let expected = self.case.on_due(&mut self.books);
            if !self.comes_out(ready, expected) {
                return;
            }
        }
    }

    fn comes_out(
        &mut self,
        ready: Ready<<C::Operator as Operator>::Out>,
        expected: Option<Vec<Id>>,
    ) -> bool {
        let (ids, ticket) = ready.map(|(out, ticket)| (out.ids(), ticket)).unzip();
        assert_eq!(ids, expected);
        let along = std::mem::take(&mut self.books.along);
        let (Some(ids), Some(ticket)) = (ids, ticket) else {
            return false;
        };
        let seats = ids.into_iter().chain(along).map(Some).collect();
        self.out.push(Out { ticket, seats });
        true
    }

    fn settle_row(&mut self, pick: usize, seat: usize) {
        let Some(at) = choose(pick, self.out.len()) else {
            return;
        };
        let out = &mut self.out[at];
        let seat = seat % out.seats.len();
        if out.ticket.is_joined() {
            let row = self.rig.ledger.take_seat(&out.ticket, seat as u32);
            assert_eq!(row.is_some(), out.seats[seat].take().is_some());
            if let Some(row) = row {
                self.rig.settle(row);
            }
        }
    }

    /// What is under way stays so, and is of an assignment that is over.
    fn revoke(&mut self, partition: u32) {
        let slot = SlotId(partition);
        self.rig.ledger.close(slot);
        let operator = &mut self.operator;
        self.rig.at_desk(|desk| operator.forget(desk));
        let (stay, go): (Vec<_>, Vec<_>) = self.books.held.iter().partition(|(id, _)| {
            let record = &self.records[*id as usize];
            record.partition != partition && self.is_current(record)
        });
        self.books.held = stay;
        self.lose(&go.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        self.check();
        self.rig.ledger.forget(slot);
        let next = self.epochs.iter().max().map_or(1, |last| last + 1);
        self.rig.ledger.open(slot, Epoch(next));
        self.epochs[partition as usize] = next;
    }

    fn lose(&mut self, ids: &[Id]) {
        for id in ids {
            self.records[*id as usize].lost = true;
        }
    }

    fn is_current(&self, record: &Record) -> bool {
        self.epochs[record.partition as usize] == record.epoch
    }

    fn check(&self) {
        let held = self.operator.held();
        let expected = Held {
            values: self.books.held.len(),
            since: self.case.since(&self.books),
        };
        assert_eq!(held, expected);
        assert_eq!(self.rig.waiting, self.case.intake(&self.books) as isize);
        let under_way = self.out.iter().flat_map(|out| out.seats.iter().flatten());
        let upstream = self.upstream.iter().map(|(id, _)| id);
        let mut shares = vec![0_u32; self.records.len()];
        for id in self.books.ids().iter().chain(under_way).chain(upstream) {
            shares[*id as usize] += 1;
        }
        for partition in 0..PARTITIONS {
            let mine = || {
                let records = self.records.iter().zip(&shares);
                records.filter(move |(record, _)| {
                    record.partition == partition && self.is_current(record)
                })
            };
            let working: u32 = mine().map(|(_, shares)| shares).sum();
            assert_eq!(self.rig.working(partition), u64::from(working));
            let unfinished = mine().find(|(record, shares)| record.lost || **shares > 0);
            let end = mine().last().map(|(record, _)| record.offset + 1);
            let position = unfinished.map(|(record, _)| record.offset).or(end);
            assert_eq!(self.rig.position(partition), position);
        }
    }

    fn end(mut self, drain: bool) {
        let mut more = drain;
        while more {
            let ready = self.rig.drain(&mut self.operator);
            let expected = self.case.on_drain(&mut self.books);
            more = self.comes_out(ready, expected);
            self.check();
        }
        self.rig.abandon(&mut self.operator);
        let held = self.books.ids();
        self.lose(&held);
        self.books.held.clear();
        self.check();
        while let Some(out) = self.out.pop() {
            self.rig.settle(out.ticket);
            self.check();
        }
        while let Some((_, ticket)) = self.upstream.pop() {
            self.rig.settle(ticket);
            self.check();
        }
        assert!(self.rig.failures.is_empty());
    }
}

fn choose(pick: usize, from: usize) -> Option<usize> {
    (from > 0).then(|| pick % from)
}
