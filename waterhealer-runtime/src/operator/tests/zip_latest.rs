//! `zip_latest`: each value of the first with the latest of the others, what is held and finished, revokes; against a model.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;

use super::Rig;
use super::book::{Book, Item, Owes, PARTITIONS};
use crate::operator::{Held, Operator, ZipLatest};

#[test]
fn none_of_the_first_is_lost_and_of_the_others_the_latest_counts() {
    let (mut rig, mut zip) = (Rig::new(2), ZipLatest::<(i32, &str)>::new());
    for n in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut zip, n, ticket).is_none());
    }
    let ticket = rig.record(1);
    let (values, first) = rig.push::<1, _>(&mut zip, "a", ticket).expect("the first");
    assert_eq!(values, (0, "a"));
    assert_eq!(rig.wakes_in(), Some(Duration::ZERO), "there is one more");
    // It went with what was the latest when it could go.
    let ticket = rig.record(1);
    let (values, second) = rig.push::<1, _>(&mut zip, "b", ticket).expect("the second");
    assert_eq!(values, (1, "a"));
    assert!(rig.due(&mut zip).is_none());
    assert_eq!(rig.position(1), Some(1), "`a` is finished, `b` is held");
    for ticket in [first, second] {
        rig.settle(ticket);
    }
    assert_eq!((rig.position(0), zip.held().values), (Some(2), 1));
    rig.abandon(&mut zip);
}

#[test]
fn when_the_latest_is_revoked_the_first_waits_again() {
    let (mut rig, mut zip) = (Rig::new(3), ZipLatest::<(i32, i32, i32)>::new());
    let (one, two) = (rig.record(1), rig.record(2));
    assert!(rig.push::<1, _>(&mut zip, 10, one).is_none());
    assert!(rig.push::<2, _>(&mut zip, 20, two).is_none());
    rig.revoke(&mut zip, &[1]);
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut zip, 0, ticket).is_none());
    let again = rig.record(2);
    assert!(
        rig.push::<1, _>(&mut zip, 11, again)
            .is_some_and(|(values, ticket)| {
                rig.settle(ticket);
                values == (0, 11, 20)
            })
    );
    rig.abandon(&mut zip);
}

/// Panics when it is cloned.
#[derive(Debug)]
struct Shy;

impl Clone for Shy {
    fn clone(&self) -> Self {
        panic!("not me")
    }
}

#[test]
fn a_clone_that_panics_fails_the_record_that_was_to_go_out() {
    let (mut rig, mut zip) = (Rig::new(2), ZipLatest::<(i32, Shy)>::new());
    let latest = rig.record(1);
    assert!(rig.push::<1, _>(&mut zip, Shy, latest).is_none());
    let first = rig.record(0);
    assert!(rig.push::<0, _>(&mut zip, 0, first).is_none());
    assert_eq!(rig.failures, ["panicked: not me"]);
    assert_eq!((rig.working(0), rig.position(0)), (0, Some(0)));
    assert_eq!(zip.held().values, 1);
    rig.abandon(&mut zip);
    assert_eq!(zip.held(), Held::default());
}

#[derive(Debug, Clone)]
enum Step {
    Push { port: usize, of: Vec<u32> },
    Due,
    Settle { pick: usize },
    LetGo { pick: usize },
    Revoke { partition: u32 },
}

fn step() -> impl Strategy<Value = Step> {
    let partition = 0..PARTITIONS;
    prop_oneof![
        8 => (prop_oneof![3 => Just(0), 1 => Just(1), 1 => Just(2)], prop::collection::vec(partition.clone(), 1..3))
            .prop_map(|(port, of)| Step::Push { port, of }),
        2 => Just(Step::Due),
        4 => any::<usize>().prop_map(|pick| Step::Settle { pick }),
        1 => any::<usize>().prop_map(|pick| Step::LetGo { pick }),
        2 => partition.prop_map(|partition| Step::Revoke { partition }),
    ]
}

type Values = (usize, usize, usize);

/// The operator, the records, and what a naive one holds.
struct Pair {
    zip: ZipLatest<Values>,
    book: Book,
    first: VecDeque<(usize, Owes)>,
    latest: [Option<(usize, Owes)>; 2],
    ready: VecDeque<(Values, Owes)>,
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
            Step::Due => {
                let ready = self.book.rig.due(&mut self.zip);
                self.went(ready);
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
                let book = &mut self.book;
                for latest in &mut self.latest {
                    latest.take_if(|(_, owes)| !book.remains(owes));
                }
                self.first.retain_mut(|(_, owes)| book.remains(owes));
                self.ready.retain_mut(|(_, owes)| book.remains(owes));
                book.sweep();
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
        if port == 0 {
            self.first.push_back((value, owes));
        } else if let Some((_, replaced)) = self.latest[port - 1].replace((value, owes)) {
            self.book.done(&replaced);
        }
        if let [Some((b, _)), Some((c, _))] = &self.latest {
            let went = self.first.drain(..).map(|(a, owes)| ((a, *b, *c), owes));
            self.ready.extend(went);
        }
        self.went(ready);
        if !self.ready.is_empty() {
            assert_eq!(self.book.rig.wakes_in(), Some(Duration::ZERO));
        }
    }

    fn went(&mut self, ready: Option<(Values, crate::ledger::Ticket)>) {
        let (values, ticket) = ready.unzip();
        let (expected, owes) = self.ready.pop_front().unzip();
        assert_eq!(values, expected);
        if let (Some(ticket), Some(owes)) = (ticket, owes) {
            self.out.push(Item { ticket, owes });
        }
    }

    fn check(&self) {
        let latest = self.latest.iter().flatten().count();
        let held = latest + self.first.len() + self.ready.len();
        assert_eq!(self.zip.held().values, held);
        assert_eq!(self.zip.held().since.is_some(), held > 0);
        self.book.check();
    }

    fn finish(mut self) {
        while !self.ready.is_empty() {
            let ready = self.book.rig.drain(&mut self.zip);
            self.went(ready);
        }
        assert!(self.book.rig.drain(&mut self.zip).is_none());
        for item in std::mem::take(&mut self.out) {
            self.book.settle(item);
        }
        self.check();
        self.book.rig.abandon(&mut self.zip);
        for (_, owes) in self.latest.iter().flatten().chain(&self.first) {
            self.book.lost(owes);
        }
        assert_eq!(self.zip.held(), Held::default());
        self.book.close();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_does_what_the_naive_model_does(steps in prop::collection::vec(step(), 1..60)) {
        let mut pair = Pair {
            zip: ZipLatest::new(),
            book: Book::new(),
            first: VecDeque::new(),
            latest: [None, None],
            ready: VecDeque::new(),
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
