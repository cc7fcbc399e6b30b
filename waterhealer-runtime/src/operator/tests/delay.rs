//! `delay`: each value in its time, in order; the end; revokes.

use std::time::Duration;

use super::Rig;
use crate::operator::{Delay, Held, Operator};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn each_value_goes_on_so_much_later() {
    let (mut rig, mut delay) = (Rig::new(1), Delay::new(SECOND));
    let since = rig.now;
    for n in 0..2 {
        let ticket = rig.record(0);
        assert!(rig.push::<0, _>(&mut delay, n, ticket).is_none());
        rig.advance(SECOND / 4);
    }
    let (values, since) = (2, Some(since));
    assert_eq!(delay.held(), Held { values, since });
    assert_eq!(rig.wakes_in(), Some(SECOND / 2));
    assert!(rig.due(&mut delay).is_none());
    rig.advance(SECOND / 2);
    let (value, ticket) = rig.due(&mut delay).expect("the first one's time");
    assert_eq!(value, 0);
    rig.settle(ticket);
    rig.wakes_in();
    assert!(rig.due(&mut delay).is_none());
    assert_eq!(rig.wakes_in(), Some(SECOND / 4), "the second one's");
    rig.advance(SECOND);
    let (value, ticket) = rig.due(&mut delay).expect("late, but due");
    assert_eq!(value, 1);
    rig.settle(ticket);
    assert!(rig.due(&mut delay).is_none());
    assert_eq!((rig.position(0), rig.wakes_in()), (Some(2), None));
}

#[test]
fn at_the_end_nothing_goes_on_early() {
    let (mut rig, mut delay) = (Rig::new(2), Delay::new(SECOND));
    for (value, from) in [(10, 0), (20, 1)] {
        let ticket = rig.record(from);
        assert!(rig.push::<0, _>(&mut delay, value, ticket).is_none());
    }
    rig.revoke(&mut delay, &[0]);
    assert!(rig.drain(&mut delay).is_none());
    assert_eq!(delay.held().values, 1);
    rig.abandon(&mut delay);
    assert_eq!((rig.position(1), rig.working(1)), (Some(0), 0));
}
