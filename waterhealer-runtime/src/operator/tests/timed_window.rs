//! `timed_window`: at fixed times, over pauses, at the end, on revoke.

use std::time::Duration;

use super::Rig;
use crate::operator::{Held, Operator, TimedWindow};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn windows_end_at_fixed_times_and_empty_ones_give_nothing() {
    let (mut rig, mut window) = (Rig::new(1), TimedWindow::new(SECOND));
    // The first value sets the times: 0.5 s, 1.5 s, …
    rig.advance(SECOND / 2);
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut window, 0, ticket).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND));
    rig.advance(SECOND);
    let (rows, ticket) = rig.due(&mut window).expect("the window's end");
    assert_eq!(rows.into_values(), [0]);
    rig.settle(ticket);
    assert!(rig.due(&mut window).is_none());
    assert_eq!(rig.wakes_in(), None, "an empty window wakes nobody");
    // Three windows later, three quarters into one.
    rig.advance(SECOND * 15 / 4);
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut window, 1, ticket).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND / 4));
    rig.advance(SECOND / 8);
    assert!(rig.due(&mut window).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND / 8));
    rig.advance(SECOND / 8);
    let (rows, ticket) = rig.due(&mut window).expect("the window's end");
    assert_eq!(rows.into_values(), [1]);
    // A value that comes just then is in the next one.
    let next = rig.record(0);
    assert!(rig.push::<0, _>(&mut window, 2, next).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND));
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(2));
    rig.abandon(&mut window);
}

#[test]
fn a_lane_that_looks_late_does_not_move_the_times() {
    let (mut rig, mut window) = (Rig::new(1), TimedWindow::new(SECOND));
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut window, 0, ticket).is_none());
    rig.advance(SECOND * 5 / 4);
    let (_, ticket) = rig.due(&mut window).expect("late, but due");
    rig.settle(ticket);
    rig.wakes_in();
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut window, 1, ticket).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND * 3 / 4));
    rig.abandon(&mut window);
}

#[test]
fn a_window_goes_on_at_the_end_without_what_was_revoked() {
    let (mut rig, mut window) = (Rig::new(2), TimedWindow::new(SECOND));
    for (value, from) in [(10, 0), (20, 1), (21, 1)] {
        let ticket = rig.record(from);
        assert!(rig.push::<0, _>(&mut window, value, ticket).is_none());
    }
    rig.revoke(&mut window, &[0]);
    assert_eq!(window.held().values, 2);
    let (rows, ticket) = rig.drain(&mut window).expect("nothing more comes");
    assert_eq!(rows.into_values(), [20, 21]);
    rig.settle(ticket);
    assert_eq!(rig.position(1), Some(2));
    assert_eq!(window.held(), Held::default());
}
