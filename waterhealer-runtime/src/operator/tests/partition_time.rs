//! `partition_time`: by time alone, at the end, on revoke.

use std::time::Duration;

use super::Rig;
use crate::operator::{Held, Operator, PartitionTime};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_docstring_of_the_seeds() {
    let (mut rig, mut window) = (Rig::new(1), PartitionTime::new(3 * SECOND));
    let mut batches = Vec::new();
    for n in 0..10 {
        if let Some((rows, ticket)) = rig.due(&mut window) {
            batches.push(rows.into_values());
            rig.settle(ticket);
        }
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut window, n, ticket).is_none());
        rig.advance(SECOND);
    }
    assert_eq!(batches, [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
    assert_eq!((rig.position(0), rig.working(0)), (Some(9), 1));
    rig.abandon(&mut window);
}

#[test]
fn the_time_of_a_batch_runs_from_its_first_value() {
    let (mut rig, mut window) = (Rig::new(1), PartitionTime::new(SECOND));
    assert!(rig.due(&mut window).is_none());
    assert_eq!(rig.wakes_in(), None, "nothing is held");
    rig.advance(SECOND / 4);
    let since = rig.now;
    for n in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut window, n, ticket).is_none());
        rig.advance(SECOND / 4);
    }
    assert_eq!(rig.wakes_in(), Some(SECOND / 2));
    let (values, since) = (2, Some(since));
    assert_eq!(window.held(), Held { values, since });
    rig.advance(SECOND / 2);
    let (rows, ticket) = rig.due(&mut window).expect("its time is up");
    assert_eq!(rows.into_values(), [0, 1]);
    assert_eq!(rig.position(0), Some(0));
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(2));
    assert!(rig.due(&mut window).is_none());
    assert_eq!(rig.wakes_in(), None);
}

#[test]
fn a_short_batch_goes_on_at_the_end_without_what_was_revoked() {
    let (mut rig, mut window) = (Rig::new(2), PartitionTime::new(SECOND));
    for (value, from) in [(10, 0), (20, 1)] {
        let ticket = rig.record(from);
        assert!(rig.push::<0, _>(&mut window, value, ticket).is_none());
    }
    rig.revoke(&mut window, &[0]);
    let (rows, ticket) = rig.drain(&mut window).expect("nothing more comes");
    assert_eq!(rows.into_values(), [20]);
    rig.settle(ticket);
    assert!(rig.drain(&mut window).is_none());
    assert_eq!(rig.position(1), Some(1));
}
