//! `combine_latest`: the latest of each whenever one is new, what is held and finished, revokes; against a model.

use proptest::prelude::*;

use super::Rig;
use super::book::{Book, Item, Owes, PARTITIONS};
use crate::operator::{CombineLatest, Held, Operator};

#[test]
fn each_new_value_goes_on_with_the_latest_of_the_others() {
    let (mut rig, mut combine) = (Rig::new(2), CombineLatest::<(i32, &str)>::new(None));
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut combine, 1, ticket).is_none());
    let ticket = rig.record(1);
    let (values, set_off_by_a) = rig.push::<1, _>(&mut combine, "a", ticket).expect("both");
    assert_eq!(values, (1, "a"));
    let ticket = rig.record(0);
    let (values, set_off_by_2) = rig.push::<0, _>(&mut combine, 2, ticket).expect("both");
    assert_eq!(values, (2, "a"));
    assert_eq!(
        rig.position(0),
        Some(1),
        "1 set nothing off and is replaced"
    );
    rig.settle(set_off_by_a);
    assert_eq!(rig.position(1), Some(0), "`a` is the latest");
    let ticket = rig.record(1);
    let (values, set_off_by_b) = rig.push::<1, _>(&mut combine, "b", ticket).expect("both");
    assert_eq!(values, (2, "b"));
    assert_eq!(
        rig.position(1),
        Some(1),
        "`a` is replaced, and its tuple finished"
    );
    for ticket in [set_off_by_2, set_off_by_b] {
        rig.settle(ticket);
    }
    rig.abandon(&mut combine);
    assert_eq!((rig.position(0), rig.position(1)), (Some(1), Some(1)));
    assert_eq!((rig.working(0), rig.working(1)), (0, 0));
}

#[test]
fn with_emit_on_only_the_named_inputs_set_tuples_off() {
    let (mut rig, mut combine) = (Rig::new(1), CombineLatest::<(i32, i32)>::new(Some(0b10)));
    for value in [1, 2] {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut combine, value, ticket).is_none());
    }
    let ticket = rig.record(0);
    let (values, ticket) = rig
        .push::<1, _>(&mut combine, 3, ticket)
        .expect("the named");
    assert_eq!(values, (2, 3));
    rig.settle(ticket);
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut combine, 4, ticket).is_none());
    assert_eq!(rig.position(0), Some(2));
    rig.abandon(&mut combine);
}

#[derive(Debug)]
struct Shy;

impl Clone for Shy {
    fn clone(&self) -> Self {
        panic!("not me")
    }
}

#[test]
fn a_clone_that_panics_fails_the_share_that_was_to_go_out() {
    let (mut rig, mut combine) = (Rig::new(2), CombineLatest::<(Shy, i32)>::new(None));
    let one = rig.record(0);
    assert!(rig.push::<0, _>(&mut combine, Shy, one).is_none());
    let other = rig.record(1);
    assert!(rig.push::<1, _>(&mut combine, 1, other).is_none());
    assert_eq!(rig.failures, ["panicked: not me"]);
    assert_eq!((rig.working(0), rig.working(1)), (1, 1), "both are held on");
    rig.abandon(&mut combine);
    assert_eq!((rig.working(0), rig.working(1)), (0, 0));
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

/// The operator, the records, and what a naive one holds.
struct Pair {
    combine: CombineLatest<(usize, usize, usize)>,
    emit_on: Option<u32>,
    book: Book,
    latest: [Option<(usize, Owes)>; 3],
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
                self.book.revoke(&mut self.combine, partition);
                let book = &mut self.book;
                for latest in &mut self.latest {
                    latest.take_if(|(_, owes)| !book.remains(owes));
                }
                book.sweep();
            }
        }
    }

    fn push(&mut self, port: usize, Item { ticket, owes }: Item) {
        let (rig, combine, value) = (&mut self.book.rig, &mut self.combine, self.arrived);
        self.arrived += 1;
        let ready = match port {
            0 => rig.push::<0, _>(combine, value, ticket),
            1 => rig.push::<1, _>(combine, value, ticket),
            _ => rig.push::<2, _>(combine, value, ticket),
        };
        if let Some((_, replaced)) = self.latest[port].replace((value, owes.clone())) {
            self.book.done(&replaced);
        }
        let sets_off = self.emit_on.is_none_or(|ports| ports >> port & 1 == 1);
        let (values, ticket) = ready.unzip();
        let expected = match &self.latest {
            [Some((a, _)), Some((b, _)), Some((c, _))] if sets_off => Some((*a, *b, *c)),
            _ => None,
        };
        assert_eq!(values, expected);
        if let Some(ticket) = ticket {
            self.book.more(&owes);
            self.out.push(Item { ticket, owes });
        }
    }

    fn check(&self) {
        let held = self.latest.iter().flatten().count();
        assert_eq!(self.combine.held().values, held);
        assert_eq!(self.combine.held().since.is_some(), held > 0);
        self.book.check();
    }

    fn finish(mut self) {
        for item in std::mem::take(&mut self.out) {
            self.book.settle(item);
        }
        self.check();
        assert!(self.book.rig.drain(&mut self.combine).is_none());
        self.book.rig.abandon(&mut self.combine);
        for (_, owes) in self.latest.iter().flatten() {
            self.book.lost(owes);
        }
        assert_eq!(self.combine.held(), Held::default());
        self.book.close();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_does_what_the_naive_model_does(
        emit_on in prop::option::of(1..8_u32),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut pair = Pair {
            combine: CombineLatest::new(emit_on),
            emit_on,
            book: Book::new(),
            latest: [None, None, None],
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
