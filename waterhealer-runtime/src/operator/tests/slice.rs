//! `slice`: against Python's, and what becomes of what is left out.

use super::Rig;
use crate::operator::{Held, Operator, Slice};

#[test]
fn it_slices_as_python_does() {
    for start in 0..4 {
        for end in (0..8).map(Some).chain([None]) {
            for step in 1..4 {
                let (mut rig, mut slice) = (Rig::new(1), Slice::new(start, end, step));
                let mut passed = Vec::new();
                for n in 0..10 {
                    let ticket = rig.record(0);
                    if let Some((value, ticket)) = rig.push::<0, _>(&mut slice, n, ticket) {
                        passed.push(value);
                        rig.settle(ticket);
                    }
                }
                let whole = start..end.unwrap_or(10);
                assert_eq!(passed, whole.step_by(step).collect::<Vec<_>>());
                assert_eq!(rig.position(0), Some(10), "what is left out is finished");
            }
        }
    }
}

#[test]
fn nothing_is_held() {
    let (mut rig, mut slice) = (Rig::new(1), Slice::new(1, None, 2));
    for n in 0..2 {
        let ticket = rig.record(0);
        if let Some((_, ticket)) = rig.push::<0, _>(&mut slice, n, ticket) {
            rig.settle(ticket);
        }
    }
    assert_eq!(slice.held(), Held::default());
    rig.revoke(&mut slice, &[0]);
    assert!(rig.drain(&mut slice).is_none());
    rig.abandon(&mut slice);
}

struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        panic!("loud");
    }
}

#[test]
fn a_value_whose_drop_panics_fails_its_record() {
    let (mut rig, mut slice) = (Rig::new(1), Slice::new(1, None, 1));
    let ticket = rig.record(0);
    assert!(rig.push::<0, _>(&mut slice, Loud, ticket).is_none());
    assert_eq!(rig.failures, ["panicked: loud"]);
    assert_eq!(rig.position(0), Some(0));
}
