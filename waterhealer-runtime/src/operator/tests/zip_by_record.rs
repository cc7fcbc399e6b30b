//! `zip` by record: values of one record meet whatever order they come in, a partner that comes no more is not waited for;
//! against a model that looks at every record after every step.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Rig;
use super::book::{Book, Item, Owes, PARTITIONS};
use crate::operator::{Held, Operator, ZipByRecord};

#[test]
fn values_meet_by_record_and_a_dropped_partner_shifts_nobody() {
    let (mut rig, mut zip) = (Rig::new(1), ZipByRecord::<(i32, &str)>::new());
    let mut shares: Vec<_> = Vec::new();
    for _ in 0..3 {
        let left = rig.record(0);
        let right = rig.ledger.split(&left);
        shares.push((left, right));
    }
    let mut rights = Vec::new();
    for (n, (left, right)) in (0..).zip(shares) {
        assert!(rig.push::<0, _>(&mut zip, n, left).is_none());
        rights.push(right);
    }
    let last = rights.pop().expect("the third");
    let (values, ticket) = rig.push::<1, _>(&mut zip, "third", last).expect("a pair");
    assert_eq!(values, (2, "third"));
    rig.settle(ticket);
    // The second is filtered: its partner ends too.
    let second = rights.pop().expect("the second");
    rig.settle(second);
    rig.release(&mut zip);
    assert_eq!((zip.held().values, rig.position(0)), (1, Some(0)));
    let first = rights.pop().expect("the first");
    let (values, ticket) = rig.push::<1, _>(&mut zip, "first", first).expect("a pair");
    assert_eq!(values, (0, "first"));
    assert_eq!(rig.position(0), Some(0));
    rig.settle(ticket);
    assert_eq!((zip.held(), rig.position(0)), (Held::default(), Some(3)));
    assert!(!rig.ledger.has_parked());
}

#[test]
fn parts_of_one_record_meet_by_their_own_names() {
    let (mut rig, mut zip) = (Rig::new(1), ZipByRecord::<(i32, i32)>::new());
    let record = rig.record(0);
    let other = rig.ledger.split(&record);
    let parts = [record, other].map(|share| rig.ledger.join(vec![share]));
    let rights = parts.each_ref().map(|part| rig.ledger.split(part));
    for (n, part) in (0..).zip(parts) {
        assert!(rig.push::<0, _>(&mut zip, n, part).is_none());
    }
    for (n, part) in (0..).zip(rights) {
        let (values, ticket) = rig.push::<1, _>(&mut zip, 10 + n, part).expect("a pair");
        assert_eq!(values, (n, 10 + n));
        assert_eq!(rig.position(0), Some(0));
        rig.settle(ticket);
    }
    assert_eq!(rig.position(0), Some(1));
}

#[test]
fn a_second_value_of_the_record_at_the_same_input_fails_and_takes_no_place() {
    let (mut rig, mut zip) = (Rig::new(1), ZipByRecord::<(i32, i32)>::new());
    let left = rig.record(0);
    let (again, right) = (rig.ledger.split(&left), rig.ledger.split(&left));
    assert!(rig.push::<0, _>(&mut zip, 1, left).is_none());
    assert!(rig.push::<0, _>(&mut zip, 2, again).is_none());
    assert!(rig.failures[0].contains("two values of one record"));
    let (values, ticket) = rig.push::<1, _>(&mut zip, 3, right).expect("a pair");
    assert_eq!(values, (1, 3));
    rig.settle(ticket);
    assert_eq!((rig.position(0), rig.working(0)), (Some(0), 0));
}

#[test]
fn a_share_of_an_earlier_assignment_waits_for_nobody() {
    let (mut rig, mut zip) = (Rig::new(1), ZipByRecord::<(i32, i32)>::new());
    let left = rig.record(0);
    let right = rig.ledger.split(&left);
    rig.ledger.forget(crate::ledger::SlotId(0));
    rig.ledger
        .open(crate::ledger::SlotId(0), crate::ledger::Epoch(9));
    // In the same place of the ring, with two open shares.
    let now = rig.record(0);
    let other = rig.ledger.split(&now);
    for late in [left, right] {
        assert!(rig.push::<0, _>(&mut zip, 0, late).is_none());
        rig.release(&mut zip);
        assert_eq!(zip.held(), Held::default());
    }
    assert_eq!(rig.working(0), 2);
    for share in [now, other] {
        rig.settle(share);
    }
}

struct Sore;

impl Drop for Sore {
    fn drop(&mut self) {
        panic!("it hurts");
    }
}

#[test]
fn a_value_that_panics_when_it_is_dropped_fails_its_record() {
    let (mut rig, mut zip) = (Rig::new(1), ZipByRecord::<(Sore, i32)>::new());
    let left = rig.record(0);
    let right = rig.ledger.split(&left);
    assert!(rig.push::<0, _>(&mut zip, Sore, left).is_none());
    rig.settle(right);
    rig.release(&mut zip);
    assert_eq!(rig.failures, ["panicked: it hurts"]);
    assert_eq!((rig.position(0), zip.held()), (Some(0), Held::default()));
}

#[derive(Debug, Clone)]
enum Step {
    /// A value, split into a share for each input.
    Deliver {
        of: Vec<u32>,
        aside: bool,
    },
    Push {
        pick: usize,
    },
    Settle {
        pick: usize,
    },
    SettleRow {
        pick: usize,
        row: usize,
    },
    LetGo {
        pick: usize,
    },
    SettleOut {
        pick: usize,
    },
    Revoke {
        partition: u32,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let partition = 0..PARTITIONS;
    let pick = any::<usize>;
    prop_oneof![
        4 => (prop::collection::vec(partition.clone(), 1..4), any::<bool>())
            .prop_map(|(of, aside)| Step::Deliver { of, aside }),
        10 => pick().prop_map(|pick| Step::Push { pick }),
        2 => pick().prop_map(|pick| Step::Settle { pick }),
        2 => (pick(), pick()).prop_map(|(pick, row)| Step::SettleRow { pick, row }),
        1 => pick().prop_map(|pick| Step::LetGo { pick }),
        4 => pick().prop_map(|pick| Step::SettleOut { pick }),
        1 => partition.prop_map(|partition| Step::Revoke { partition }),
    ]
}

/// A share under way to an input, or, without one, to somewhere else.
struct Share {
    family: usize,
    port: Option<usize>,
    item: Item,
}

/// The shares of one delivered value.
struct Family {
    /// Of how many records; one has a plain ticket.
    records: usize,
    /// Shares that have not ended.
    open: usize,
    seats: BTreeMap<usize, Owes>,
}

/// The number of a family and of the input.
type Tag = (usize, u8);

struct Pair {
    zip: ZipByRecord<(Tag, Tag, Tag)>,
    book: Book,
    families: Vec<Family>,
    under_way: Vec<Share>,
    out: Vec<(usize, Item)>,
}

impl Pair {
    fn apply(&mut self, step: Step) {
        match step {
            Step::Deliver { of, aside } => self.deliver(&of, aside),
            Step::Push { pick } => {
                if let Some(share) = take(&mut self.under_way, pick) {
                    match share.port {
                        Some(port) => self.push(port, share),
                        None => self.under_way.push(share),
                    }
                }
            }
            Step::Settle { pick } => {
                if let Some(share) = take(&mut self.under_way, pick) {
                    self.families[share.family].open -= 1;
                    self.book.settle(share.item);
                }
            }
            Step::SettleRow { pick, row } => {
                let Some(at) = pick.checked_rem(self.under_way.len()) else {
                    return;
                };
                let share = &mut self.under_way[at];
                let records = self.families[share.family].records;
                if records > 1 {
                    self.book.settle_row(&mut share.item, row, records);
                }
            }
            Step::LetGo { pick } => {
                if let Some(share) = take(&mut self.under_way, pick) {
                    self.let_go(share.family, 1);
                    self.book.abandon(share.item);
                }
            }
            Step::SettleOut { pick } => {
                if let Some((family, item)) = take(&mut self.out, pick) {
                    self.families[family].open -= 1;
                    self.book.settle(item);
                }
            }
            Step::Revoke { partition } => self.revoke(partition),
        }
    }

    fn deliver(&mut self, of: &[u32], aside: bool) {
        let Some(first) = self.book.deliver(of) else {
            return;
        };
        let family = self.families.len();
        let mut items = vec![(Some(1), self.book.split(&first))];
        items.push((Some(2), self.book.split(&first)));
        if aside {
            items.push((None, self.book.split(&first)));
        }
        self.families.push(Family {
            records: first.owes.len(),
            open: items.len() + 1,
            seats: BTreeMap::new(),
        });
        items.push((Some(0), first));
        let shares = items
            .into_iter()
            .map(|(port, item)| Share { family, port, item });
        self.under_way.extend(shares);
    }

    fn push(&mut self, port: usize, Share { family, item, .. }: Share) {
        let Item { ticket, owes } = item;
        let (rig, zip) = (&mut self.book.rig, &mut self.zip);
        let ready = match port {
            0 => rig.push::<0, _>(zip, (family, 0), ticket),
            1 => rig.push::<1, _>(zip, (family, 1), ticket),
            _ => rig.push::<2, _>(zip, (family, 2), ticket),
        };
        let of = &mut self.families[family];
        assert!(of.seats.insert(port, owes).is_none());
        if of.seats.len() < 3 {
            assert!(ready.is_none(), "a partner is missing");
            return;
        }
        let (values, ticket) = ready.expect("all are there");
        assert_eq!(values, ((family, 0), (family, 1), (family, 2)));
        let mut owes: Vec<Owes> = std::mem::take(&mut of.seats).into_values().collect();
        of.open -= 2;
        if of.records == 1 {
            // Of one record the tuple has one share; the others end in it.
            for more in owes.drain(1..) {
                self.book.done(&more);
            }
        }
        let owes = owes.concat();
        self.out.push((family, Item { ticket, owes }));
    }

    /// Shares that are let go are open for ever in the books of their records; a joined value does not wait for them.
    fn let_go(&mut self, family: usize, shares: usize) {
        let family = &mut self.families[family];
        if family.records > 1 {
            family.open -= shares;
        }
    }

    fn revoke(&mut self, partition: u32) {
        self.book.revoke(&mut self.zip, partition);
        for at in 0..self.families.len() {
            let family = &mut self.families[at];
            let before = family.seats.len();
            family.seats.retain(|_, owes| self.book.remains(owes));
            let gone = before - family.seats.len();
            self.let_go(at, gone);
        }
        self.book.sweep();
    }

    /// What the ledger is expected to find: values all of whose open shares wait here.
    fn release(&mut self) {
        self.book.rig.release(&mut self.zip);
        for family in &mut self.families {
            let open = match family.seats.values().next() {
                None => continue,
                Some(owes) if family.records == 1 => self.book.open(&owes[0]) as usize,
                Some(_) => family.open,
            };
            if family.seats.len() >= open {
                family.open -= family.seats.len();
                for owes in std::mem::take(&mut family.seats).values() {
                    self.book.done(owes);
                }
            }
        }
    }

    fn check(&self) {
        let held: usize = self.families.iter().map(|family| family.seats.len()).sum();
        assert_eq!(self.zip.held().values, held);
        assert_eq!(self.book.rig.ledger.has_parked(), held > 0);
        self.book.check();
    }

    fn finish(mut self) {
        while !self.out.is_empty() || !self.under_way.is_empty() {
            self.apply(Step::SettleOut { pick: 0 });
            self.apply(Step::Settle { pick: 0 });
            self.release();
            self.check();
        }
        assert!(self.book.rig.drain(&mut self.zip).is_none());
        self.book.rig.abandon(&mut self.zip);
        for owes in self
            .families
            .iter()
            .flat_map(|family| family.seats.values())
        {
            self.book.lost(owes);
        }
        assert_eq!(self.zip.held(), Held::default());
        self.book.close();
    }
}

fn take<T>(from: &mut Vec<T>, pick: usize) -> Option<T> {
    let at = pick.checked_rem(from.len())?;
    Some(from.swap_remove(at))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn values_of_a_record_meet_or_are_released(steps in prop::collection::vec(step(), 1..80)) {
        let mut pair = Pair {
            zip: ZipByRecord::new(),
            book: Book::new(),
            families: Vec::new(),
            under_way: Vec::new(),
            out: Vec::new(),
        };
        for step in steps {
            pair.apply(step);
            pair.release();
            pair.check();
        }
        pair.finish();
    }
}
