//! `collect`: the flush, its ticket, the end, revokes.

use super::Rig;
use crate::operator::{Collect, Held, Operator};

#[test]
fn the_docstring_of_streamz() {
    let (mut rig, mut collect) = (Rig::new(2), Collect::new());
    for n in [1, 2] {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut collect, n, ticket).is_none());
    }
    assert_eq!(collect.held().values, 2);
    let flush = rig.record(1);
    let (rows, ticket) = rig
        .push::<1, _>(&mut collect, "anything", flush)
        .expect("flushed");
    assert_eq!(rows.into_values(), [1, 2]);
    assert_eq!(collect.held(), Held::default());
    assert_eq!(
        (rig.position(0), rig.position(1)),
        (Some(0), Some(0)),
        "the flush is finished with its batch"
    );
    rig.settle(ticket);
    assert_eq!((rig.position(0), rig.position(1)), (Some(2), Some(1)));
}

#[test]
fn the_flush_has_the_seat_after_the_rows() {
    let (mut rig, mut collect) = (Rig::new(2), Collect::new());
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut collect, 7, ticket).is_none());
    let flush = rig.record(1);
    let (rows, ticket) = rig.push::<1, _>(&mut collect, (), flush).expect("flushed");
    let seats: Vec<u32> = rows.into_seated().map(|(seat, _)| seat).collect();
    assert_eq!(seats, [0]);
    let flush = rig.ledger.take_seat(&ticket, 1).expect("the flush");
    rig.settle(flush);
    assert_eq!((rig.position(0), rig.position(1)), (Some(0), Some(1)));
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(1));
}

#[test]
fn with_nothing_held_a_flush_just_ends() {
    let (mut rig, mut collect) = (Rig::new(2), Collect::<u8, u8>::new());
    let flush = rig.record(1);
    assert!(rig.push::<1, _>(&mut collect, 0, flush).is_none());
    assert_eq!(rig.position(1), Some(1));
}

#[test]
fn what_nobody_flushed_stays_unfinished_at_the_end() {
    let (mut rig, mut collect) = (Rig::new(2), Collect::<_, ()>::new());
    for (value, from) in [(10, 0), (20, 1)] {
        let ticket = rig.record(from);
        assert!(rig.push::<0, _>(&mut collect, value, ticket).is_none());
    }
    rig.revoke(&mut collect, &[0]);
    assert_eq!(collect.held().values, 1);
    assert!(rig.drain(&mut collect).is_none());
    rig.abandon(&mut collect);
    assert_eq!((rig.position(1), rig.working(1)), (Some(0), 0));
}

struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        panic!("loud");
    }
}

#[test]
fn a_flush_whose_drop_panics_fails_alone() {
    let (mut rig, mut collect) = (Rig::new(2), Collect::new());
    let flush = rig.record(1);
    assert!(rig.push::<1, _>(&mut collect, Loud, flush).is_none());
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut collect, 7, ticket).is_none());
    let flush = rig.record(1);
    assert!(rig.push::<1, _>(&mut collect, Loud, flush).is_none());
    assert_eq!(rig.failures, ["panicked: loud", "panicked: loud"]);
    assert_eq!((collect.held().values, rig.position(1)), (1, Some(0)));
    rig.abandon(&mut collect);
}
