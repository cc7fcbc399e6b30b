//! `sliding_window`: whole and partial windows, when records finish, values whose `Clone` panics, on revoke.

use std::time::Duration;

use super::Rig;
use crate::ledger::Ticket;
use crate::operator::{Held, Operator, SlidingWindow};

/// Pushes the partition's next record; the window's values, and its ticket.
fn push<T: Clone>(
    rig: &mut Rig,
    window: &mut SlidingWindow<T>,
    value: T,
    from: u32,
) -> Option<(Vec<T>, Ticket)> {
    let ticket = rig.record(from);
    let (rows, ticket) = rig.push::<0, _>(window, value, ticket)?;
    Some((rows.into_values(), ticket))
}

#[test]
fn the_docstring_of_streamz() {
    for partial in [false, true] {
        let (mut rig, mut window) = (Rig::new(1), SlidingWindow::new(3, partial));
        let mut windows = Vec::new();
        for n in 0..5 {
            if let Some((values, ticket)) = push(&mut rig, &mut window, n, 0) {
                windows.push(values);
                rig.settle(ticket);
            }
        }
        let whole = windows.split_off(if partial { 2 } else { 0 });
        assert_eq!(whole, [[0, 1, 2], [1, 2, 3], [2, 3, 4]]);
        if partial {
            assert_eq!(windows, [vec![0], vec![0, 1]]);
        }
        // The last two are to be in windows yet: whoever reads them again goes on with [3, 4, 5].
        assert_eq!((rig.position(0), window.held().values), (Some(3), 2));
        assert!(rig.drain(&mut window).is_none());
        rig.abandon(&mut window);
        assert_eq!((rig.position(0), rig.working(0)), (Some(3), 0));
    }
}

#[test]
fn a_record_is_finished_with_the_last_of_its_windows() {
    let (mut rig, mut window) = (Rig::new(1), SlidingWindow::new(2, false));
    assert!(push(&mut rig, &mut window, 0, 0).is_none());
    let (_, first) = push(&mut rig, &mut window, 1, 0).expect("0 and 1");
    let (_, second) = push(&mut rig, &mut window, 2, 0).expect("1 and 2");
    rig.settle(second);
    assert_eq!(rig.position(0), Some(0), "the first window is not finished");
    rig.settle(first);
    assert_eq!(rig.position(0), Some(2));
    rig.abandon(&mut window);
}

#[test]
fn held_since_the_oldest_of_the_window_came() {
    let (mut rig, mut window) = (Rig::new(1), SlidingWindow::new(2, false));
    for n in 0..3 {
        rig.advance(Duration::from_secs(1));
        if let Some((_, ticket)) = push(&mut rig, &mut window, n, 0) {
            rig.settle(ticket);
        }
    }
    let (values, since) = (1, Some(rig.now));
    assert_eq!(window.held(), Held { values, since });
    rig.abandon(&mut window);
}

#[test]
fn on_revoke_a_window_fills_up_from_the_others() {
    let (mut rig, mut window) = (Rig::new(2), SlidingWindow::new(3, false));
    for (value, from) in [(10, 0), (20, 1)] {
        assert!(push(&mut rig, &mut window, value, from).is_none());
    }
    rig.revoke(&mut window, &[0]);
    assert!(push(&mut rig, &mut window, 21, 1).is_none());
    let (values, ticket) = push(&mut rig, &mut window, 22, 1).expect("three of the other");
    assert_eq!(values, [20, 21, 22]);
    rig.settle(ticket);
    assert_eq!(rig.position(1), Some(1));
    rig.abandon(&mut window);
}

#[test]
fn windows_of_one_hold_nothing() {
    let (mut rig, mut window) = (Rig::new(1), SlidingWindow::new(1, false));
    for n in 0..2 {
        let (values, ticket) = push(&mut rig, &mut window, n, 0).expect("each is a window");
        assert_eq!(values, [n]);
        rig.settle(ticket);
    }
    assert_eq!(rig.position(0), Some(2));
}

/// Cannot be cloned, or not even dropped, but by a panic.
struct Fragile {
    name: u8,
    clones: bool,
    drops: bool,
}

impl Clone for Fragile {
    fn clone(&self) -> Self {
        assert!(self.clones, "{} is not to be cloned", self.name);
        Fragile { ..*self }
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(self.drops, "{} is not to be dropped", self.name);
    }
}

#[test]
fn a_clone_that_panics_fails_its_record_and_no_other() {
    let (mut rig, mut window) = (Rig::new(1), SlidingWindow::new(3, false));
    for (name, clones, drops) in [(0, true, true), (1, false, false), (2, true, true)] {
        let value = Fragile {
            name,
            clones,
            drops,
        };
        assert!(push(&mut rig, &mut window, value, 0).is_none());
    }
    assert_eq!(rig.failures, ["panicked: 1 is not to be cloned"]);
    assert_eq!(window.held().values, 2, "its neighbours are still held");
    let value = Fragile {
        name: 3,
        clones: true,
        drops: true,
    };
    let (values, ticket) = push(&mut rig, &mut window, value, 0).expect("three without it");
    let names: Vec<u8> = values.iter().map(|value| value.name).collect();
    assert_eq!(names, [0, 2, 3]);
    rig.settle(ticket);
    assert_eq!(
        rig.position(0),
        Some(1),
        "what has failed holds the position"
    );
    rig.abandon(&mut window);
    assert_eq!(rig.working(0), 0);
}
