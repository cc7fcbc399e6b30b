//! The books of the property tests: a naive model of which shares of which records are open, kept beside the ledger and
//! compared with it after every step. It knows nothing of operators: each test says what its own is expected to do.

use std::collections::BTreeMap;

use super::Rig;
use crate::ledger::{Epoch, SlotId, Ticket};
use crate::operator::Operator;

pub(super) const PARTITIONS: u32 = 3;

/// One record: its partition, the assignment it was delivered in, its offset.
pub(super) type Delivered = (u32, u32, i64);

/// What must be finished for a value: a share of each of these records.
pub(super) type Owes = Vec<Delivered>;

/// A ticket, and what the model expects it to stand for.
pub(super) struct Item {
    pub(super) ticket: Ticket,
    pub(super) owes: Owes,
}

#[derive(Default)]
struct Shares {
    open: u64,
    /// Of the open ones, those that were let go.
    lost: u64,
}

#[derive(Default)]
struct Partition {
    epoch: u32,
    closing: bool,
    next: i64,
    end: Option<i64>,
}

/// The ledger and its model.
pub(super) struct Book {
    pub(super) rig: Rig,
    shares: BTreeMap<Delivered, Shares>,
    partitions: Vec<Partition>,
    epochs: u32,
}

impl Book {
    pub(super) fn new() -> Self {
        let mut book = Book {
            rig: Rig::new(0),
            shares: BTreeMap::new(),
            partitions: (0..PARTITIONS).map(|_| Partition::default()).collect(),
            epochs: 0,
        };
        (0..PARTITIONS).for_each(|partition| book.assign(partition, 0));
        book
    }

    fn assign(&mut self, partition: u32, next: i64) {
        self.epochs += 1;
        self.rig.ledger.open(SlotId(partition), Epoch(self.epochs));
        self.partitions[partition as usize] = Partition {
            epoch: self.epochs,
            next,
            ..Partition::default()
        };
    }

    /// A value of one record of each of these partitions, joined if they are several; none of partitions that close.
    pub(super) fn deliver(&mut self, partitions: &[u32]) -> Option<Item> {
        let (mut owes, mut tickets) = (Vec::new(), Vec::new());
        for id in partitions {
            let partition = &mut self.partitions[*id as usize];
            if partition.closing {
                continue;
            }
            let offset = partition.next;
            partition.next += 1;
            partition.end = Some(partition.next);
            owes.push((*id, partition.epoch, offset));
            tickets.push(self.rig.ledger.deliver(SlotId(*id), offset, None));
        }
        self.more(&owes);
        let ticket = match tickets.len() {
            0 | 1 => tickets.pop()?,
            _ => self.rig.ledger.join(tickets),
        };
        Some(Item { ticket, owes })
    }

    pub(super) fn split(&mut self, item: &Item) -> Item {
        self.more(&item.owes);
        Item {
            ticket: self.rig.ledger.split(&item.ticket),
            owes: item.owes.clone(),
        }
    }

    pub(super) fn settle(&mut self, item: Item) {
        self.done(&item.owes);
        self.rig.settle(item.ticket);
    }

    pub(super) fn abandon(&mut self, item: Item) {
        self.lost(&item.owes);
        self.rig.ledger.abandon(item.ticket);
    }

    /// Settles one row of a joined item.
    pub(super) fn settle_row(&mut self, item: &mut Item, pick: usize, seats: usize) {
        let seat = (pick % seats) as u32;
        if let Some(row) = self.rig.ledger.take_seat(&item.ticket, seat) {
            let offset = self.rig.ledger.offset(&row);
            let (slot, epoch) = (row.slot().0, row.epoch().0);
            self.rig.settle(row);
            let owed = item.owes.iter().position(|(partition, of, at)| {
                (*partition, *of) == (slot, epoch) && offset.is_none_or(|offset| offset == *at)
            });
            let record = item.owes.remove(owed.expect("a row is owed"));
            self.done(&[record]);
        }
    }

    /// The model's part of one more share.
    pub(super) fn more(&mut self, owes: &[Delivered]) {
        for record in owes {
            if self.is_of_now(record) {
                self.shares.entry(*record).or_default().open += 1;
            }
        }
    }

    /// The model's part of a share that is finished.
    pub(super) fn done(&mut self, owes: &[Delivered]) {
        for record in owes {
            if let Some(shares) = self.shares.get_mut(record) {
                shares.open = shares.open.checked_sub(1).expect("finished twice");
            }
        }
    }

    /// The model's part of a share that is let go.
    pub(super) fn lost(&mut self, owes: &[Delivered]) {
        for record in owes {
            if let Some(shares) = self.shares.get_mut(record) {
                shares.lost += 1;
            }
        }
    }

    /// Open shares of a record, those that were let go among them; none once its partition was given up.
    pub(super) fn open(&self, record: &Delivered) -> u64 {
        self.shares.get(record).map_or(0, |shares| shares.open)
    }

    /// The model's part of forgetting: what is left to do for a held value, `None` if the value is let go.
    pub(super) fn remains(&mut self, owes: &mut Owes) -> bool {
        let (stays, goes) = owes.drain(..).partition(|record| {
            self.is_of_now(record) && !self.partitions[record.0 as usize].closing
        });
        *owes = stays;
        let goes: Owes = goes;
        self.lost(&goes);
        !owes.is_empty()
    }

    /// Half of a revoke: first the operator forgets, and the partition closes; the next time it is forgotten and assigned
    /// anew, from the position. True if the operator was asked to forget.
    pub(super) fn revoke(&mut self, operator: &mut impl Operator, partition: u32) {
        let id = partition as usize;
        self.rig.ledger.close(SlotId(partition));
        let was_closing = std::mem::replace(&mut self.partitions[id].closing, true);
        self.rig.at_desk(|desk| operator.forget(desk));
        if was_closing {
            let next = self
                .rig
                .position(partition)
                .unwrap_or(self.partitions[id].next);
            self.rig.ledger.forget(SlotId(partition));
            self.assign(partition, next);
        }
    }

    /// What the model forgets after [`revoke`](Self::revoke) and the operator's own model: records of old assignments.
    pub(super) fn sweep(&mut self) {
        let partitions = &self.partitions;
        self.shares
            .retain(|(partition, epoch, _), _| partitions[*partition as usize].epoch == *epoch);
    }

    fn is_of_now(&self, record: &Delivered) -> bool {
        self.partitions[record.0 as usize].epoch == record.1
    }

    /// The ledger says what the model says: how far each partition is, and how much is still worked on.
    pub(super) fn check(&self) {
        for (id, partition) in (0..).zip(&self.partitions) {
            let of_it = || self.shares.iter().filter(move |(at, _)| at.0 == id);
            let unfinished = of_it().find(|(_, shares)| shares.open > 0);
            let position = unfinished.map(|(at, _)| at.2).or(partition.end);
            assert_eq!(self.rig.position(id), position, "position of {id}");
            let working: u64 = of_it().map(|(_, shares)| shares.open - shares.lost).sum();
            assert_eq!(self.rig.working(id), working, "shares of {id} worked on");
        }
    }

    /// Ends it: nothing is worked on any more, and no share is noted as waiting.
    pub(super) fn close(self) {
        self.check();
        for partition in 0..PARTITIONS {
            assert_eq!(self.rig.working(partition), 0, "of {partition}");
        }
        assert!(!self.rig.ledger.has_parked());
        assert!(self.rig.failures.is_empty());
    }
}
