//! `partition`: by number, by time, at the end, on revoke.

use std::time::Duration;

use super::Rig;
use crate::operator::{Held, Operator, Partition};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn so_many_values_are_one_batch_and_finish_together() {
    let (mut rig, mut partition) = (Rig::new(1), Partition::new(3, None));
    for n in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut partition, n, ticket).is_none());
    }
    assert_eq!(partition.held().values, 2);
    let ticket = rig.record(0);
    let (rows, ticket) = rig
        .push::<0, _>(&mut partition, 2, ticket)
        .expect("three are a batch");
    assert_eq!(rows.into_values(), [0, 1, 2]);
    assert_eq!(rig.position(0), Some(0));
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(3));
    assert_eq!(partition.held(), Held::default());
}

#[test]
fn a_short_batch_goes_on_when_its_time_is_up_and_at_the_end() {
    let (mut rig, mut partition) = (Rig::new(1), Partition::new(3, Some(SECOND)));
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut partition, 0, ticket).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND));
    rig.advance(SECOND / 2);
    assert!(rig.due(&mut partition).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND / 2));
    rig.advance(SECOND / 2);
    let (rows, ticket) = rig.due(&mut partition).expect("its time is up");
    assert_eq!(rows.into_values(), [0]);
    rig.settle(ticket);
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut partition, 1, ticket).is_none());
    let (_, ticket) = rig.drain(&mut partition).expect("nothing more comes");
    rig.settle(ticket);
    assert_eq!(rig.position(0), Some(2));
}

#[test]
fn without_a_time_the_rest_stays_unfinished_at_the_end() {
    let (mut rig, mut partition) = (Rig::new(1), Partition::new(3, None));
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut partition, 0, ticket).is_none());
    assert!(rig.drain(&mut partition).is_none());
    rig.abandon(&mut partition);
    assert_eq!((rig.position(0), rig.working(0)), (Some(0), 0));
}

#[test]
fn on_revoke_the_records_of_the_partition_leave_and_the_others_stay() {
    let (mut rig, mut partition) = (Rig::new(2), Partition::new(3, None));
    for (value, from) in [(10, 0), (20, 1)] {
        let ticket = rig.record(from);
        assert!(rig.push::<0, _>(&mut partition, value, ticket).is_none());
    }
    rig.revoke(&mut partition, &[0]);
    assert_eq!(partition.held().values, 1);
    let mut batch = None;
    for value in [21, 22] {
        let ticket = rig.record(1);
        batch = rig.push::<0, _>(&mut partition, value, ticket);
    }
    let (rows, ticket) = batch.expect("three of the other partition");
    assert_eq!(rows.into_values(), [20, 21, 22]);
    rig.settle(ticket);
    assert_eq!(rig.position(1), Some(3));
}
