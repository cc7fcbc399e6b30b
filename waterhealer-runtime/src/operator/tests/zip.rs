//! `zip` by arrival: pairs in order, what is held and finished, the end, revokes; against a model of queues.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;

use super::Rig;
use super::book::{Book, Item, Owes, PARTITIONS};
use crate::operator::{Held, Operator, Zip};

#[test]
fn the_first_of_each_pair_then_the_second_of_each() {
    let (mut rig, mut zip) = (Rig::new(2), Zip::<(i32, &str)>::new());
    for n in [1, 2] {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut zip, n, ticket).is_none());
    }
    for (name, pair) in [("a", (1, "a")), ("b", (2, "b"))] {
        let ticket = rig.record(1);
        let (values, ticket) = rig.push::<1, _>(&mut zip, name, ticket).expect("a pair");
        assert_eq!(values, pair);
        let before = (rig.position(0), rig.position(1));
        rig.settle(ticket);
        assert_ne!((rig.position(0), rig.position(1)), before);
    }
    assert_eq!((rig.position(0), rig.position(1)), (Some(2), Some(2)));
    assert_eq!(zip.held(), Held::default());
}

#[test]
fn it_tells_since_when_it_holds_the_oldest() {
    let (mut rig, mut zip) = (Rig::new(1), Zip::<(i32, i32)>::new());
    rig.advance(Duration::from_secs(1));
    let since = rig.now;
    for n in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut zip, n, ticket).is_none());
        rig.advance(Duration::from_secs(1));
    }
    assert_eq!(
        zip.held(),
        Held {
            values: 2,
            since: Some(since)
        }
    );
    assert!(rig.drain(&mut zip).is_none(), "their partners never came");
    rig.abandon(&mut zip);
    assert_eq!((rig.position(0), rig.working(0)), (Some(0), 0));
}

#[test]
fn six_inputs_make_one_flat_tuple() {
    let (mut rig, mut zip) = (Rig::new(1), Zip::<(u8, i8, u16, i16, u32, i32)>::new());
    let mut ready = None;
    let tickets: Vec<_> = (0..6).map(|_| rig.record(0)).collect();
    for (port, ticket) in (0..).zip(tickets) {
        assert!(ready.is_none());
        ready = match port {
            0 => rig.push::<0, _>(&mut zip, 0, ticket),
            1 => rig.push::<1, _>(&mut zip, 1, ticket),
            2 => rig.push::<2, _>(&mut zip, 2, ticket),
            3 => rig.push::<3, _>(&mut zip, 3, ticket),
            4 => rig.push::<4, _>(&mut zip, 4, ticket),
            _ => rig.push::<5, _>(&mut zip, 5, ticket),
        };
    }
    let (values, ticket) = ready.expect("all six have one");
    assert_eq!(values, (0, 1, 2, 3, 4, 5));
    assert_eq!(rig.position(0), Some(0));
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(6));
}

#[derive(Debug, Clone)]
enum Step {
    Push { port: usize, of: Vec<u32> },
    Settle { pick: usize },
    LetGo { pick: usize },
    Revoke { partition: u32 },
}

fn step() -> impl Strategy<Value = Step> {
    let partition = 0..PARTITIONS;
    prop_oneof![
        8 => (0..3_usize, prop::collection::vec(partition.clone(), 1..3))
            .prop_map(|(port, of)| Step::Push { port, of }),
        4 => any::<usize>().prop_map(|pick| Step::Settle { pick }),
        1 => any::<usize>().prop_map(|pick| Step::LetGo { pick }),
        2 => partition.prop_map(|partition| Step::Revoke { partition }),
    ]
}

/// The operator, the records, and what a naive zip holds: values are numbers in the order of arrival.
struct Pair {
    zip: Zip<(usize, usize, usize)>,
    book: Book,
    queues: [VecDeque<(usize, Owes)>; 3],
    out: Vec<Item>,
    arrived: usize,
}

impl Pair {
    fn apply(&mut self, step: Step) {
        match step {
            Step::Push { port, of } => {
                if let Some(item) = self.book.deliver(&of) {
                    self.push(port, item);
                }
            }
            Step::Settle { pick } if !self.out.is_empty() => {
                let item = self.out.swap_remove(pick % self.out.len());
                self.book.settle(item);
            }
            Step::LetGo { pick } if !self.out.is_empty() => {
                let item = self.out.swap_remove(pick % self.out.len());
                self.book.abandon(item);
            }
            Step::Settle { .. } | Step::LetGo { .. } => {}
            Step::Revoke { partition } => {
                self.book.revoke(&mut self.zip, partition);
                for queue in &mut self.queues {
                    queue.retain_mut(|(_, owes)| self.book.remains(owes));
                }
                self.book.sweep();
            }
        }
    }

    fn push(&mut self, port: usize, Item { ticket, owes }: Item) {
        let (rig, zip, value) = (&mut self.book.rig, &mut self.zip, self.arrived);
        self.arrived += 1;
        let ready = match port {
            0 => rig.push::<0, _>(zip, value, ticket),
            1 => rig.push::<1, _>(zip, value, ticket),
            _ => rig.push::<2, _>(zip, value, ticket),
        };
        self.queues[port].push_back((value, owes));
        if self.queues.iter().any(VecDeque::is_empty) {
            assert!(ready.is_none(), "a partner is missing");
            return;
        }
        let fronts = self.queues.each_mut().map(VecDeque::pop_front);
        let [(a, one), (b, two), (c, three)] = fronts.map(|front| front.expect("none is empty"));
        let (values, ticket) = ready.expect("all have one");
        assert_eq!(values, (a, b, c));
        let owes = [one, two, three].concat();
        self.out.push(Item { ticket, owes });
    }

    fn check(&self) {
        let held: usize = self.queues.iter().map(VecDeque::len).sum();
        assert_eq!(self.zip.held().values, held);
        assert_eq!(self.zip.held().since.is_some(), held > 0);
        self.book.check();
    }

    fn finish(mut self) {
        for item in std::mem::take(&mut self.out) {
            self.book.settle(item);
        }
        self.check();
        assert!(self.book.rig.drain(&mut self.zip).is_none());
        self.book.rig.abandon(&mut self.zip);
        for (_, owes) in self.queues.iter().flatten() {
            self.book.lost(owes);
        }
        assert_eq!(self.zip.held(), Held::default());
        self.book.close();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_does_what_queues_do(steps in prop::collection::vec(step(), 1..60)) {
        let mut pair = Pair {
            zip: Zip::new(),
            book: Book::new(),
            queues: Default::default(),
            out: Vec::new(),
            arrived: 0,
        };
        for step in steps {
            pair.apply(step);
            pair.check();
        }
        pair.finish();
    }
}
