//! `rate_limit`: one value in an interval, what waits and what it holds, the newest only, the end, revokes.

use std::time::Duration;

use super::Rig;
use crate::operator::{Held, Operator, RateLimit, Waiting};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn never_two_values_within_the_interval() {
    let (mut rig, mut limit) = (Rig::new(1), RateLimit::new(SECOND, Waiting::default()));
    let ticket = rig.record(0);
    let (_, ticket) = rig
        .push::<0, _>(&mut limit, 0, ticket)
        .expect("the first passes");
    rig.settle(ticket);
    rig.advance(SECOND / 4);
    let since = rig.now;
    for n in 1..3 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut limit, n, ticket).is_none());
    }
    assert_eq!(rig.waiting, 2, "each holds the intake");
    let (values, since) = (2, Some(since));
    assert_eq!(limit.held(), Held { values, since });
    assert_eq!(rig.wakes_in(), Some(SECOND * 3 / 4));
    // The lane looks late: the next interval runs from then.
    rig.advance(SECOND);
    let (value, ticket) = rig.due(&mut limit).expect("the interval is over");
    assert_eq!((value, rig.waiting), (1, 1));
    rig.settle(ticket);
    assert!(rig.due(&mut limit).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND));
    rig.advance(SECOND);
    let (value, ticket) = rig.due(&mut limit).expect("the interval is over");
    assert_eq!((value, rig.waiting), (2, 0));
    rig.settle(ticket);
    assert!(rig.due(&mut limit).is_none());
    assert_eq!((rig.position(0), rig.wakes_in()), (Some(3), None));
    rig.advance(SECOND);
    let ticket = rig.record(0);
    let (_, ticket) = rig
        .push::<0, _>(&mut limit, 3, ticket)
        .expect("nothing came for so long");
    rig.settle(ticket);
}

#[test]
fn a_buffer_is_room_to_wait_without_holding_the_intake() {
    let room = Waiting::Hold { room: 2 };
    let (mut rig, mut limit) = (Rig::new(2), RateLimit::new(SECOND, room));
    let mut held = Vec::new();
    for n in 0..5 {
        let ticket = rig.record(n % 2);
        if let Some((_, ticket)) = rig.push::<0, _>(&mut limit, n, ticket) {
            rig.settle(ticket);
        }
        held.push(rig.waiting);
    }
    assert_eq!(held, [0, 0, 0, 1, 2]);
    rig.revoke(&mut limit, &[1]);
    assert_eq!((limit.held().values, rig.waiting), (2, 0));
    for _ in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut limit, 9, ticket).is_none());
    }
    assert_eq!(rig.waiting, 2);
    assert!(rig.drain(&mut limit).is_none());
    rig.abandon(&mut limit);
    assert_eq!(
        (rig.waiting, rig.position(0), rig.working(0)),
        (0, Some(1), 0)
    );
}

#[test]
fn the_latest_ends_the_one_before_it() {
    let (mut rig, mut limit) = (Rig::new(1), RateLimit::new(SECOND, Waiting::Latest));
    for n in 0..4 {
        let ticket = rig.record(0);
        if let Some((_, ticket)) = rig.push::<0, _>(&mut limit, n, ticket) {
            rig.settle(ticket);
        }
    }
    assert_eq!((limit.held().values, rig.waiting), (1, 0));
    assert_eq!(rig.position(0), Some(3), "1 and 2 were replaced");
    rig.advance(SECOND);
    let (value, ticket) = rig.due(&mut limit).expect("the interval is over");
    assert_eq!(value, 3);
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(4));
}

struct Loud(bool);

impl Drop for Loud {
    fn drop(&mut self) {
        assert!(!self.0, "loud");
    }
}

#[test]
fn a_value_whose_drop_panics_fails_its_record() {
    let (mut rig, mut limit) = (Rig::new(1), RateLimit::new(SECOND, Waiting::Latest));
    for loud in [false, true, false] {
        let ticket = rig.record(0);
        if let Some((_, ticket)) = rig.push::<0, _>(&mut limit, Loud(loud), ticket) {
            rig.settle(ticket);
        }
    }
    assert_eq!(rig.failures, ["panicked: loud"]);
    assert_eq!(rig.position(0), Some(1));
    rig.abandon(&mut limit);
}
