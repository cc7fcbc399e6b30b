//! What waits to be kept: how much of it, what there is no room for, and how it ends.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use super::super::queue::{Clerk, ROOM};
use super::super::ring::Failures;
use super::super::{FailedCall, Persist};
use super::{failure, report};
use crate::error::BoxError;

/// Keeps names.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<String>>>);

impl Persist for Names {
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError> {
        self.0.lock().unwrap().push(call.file_name());
        Ok(())
    }
}

fn put(failures: &Failures, times: usize) {
    for _ in 0..times {
        failures.put(report(&failure("json", "7")));
    }
}

#[test]
fn what_there_is_no_room_for_is_dropped_and_counted() {
    let (failures, names) = (Arc::<Failures>::default(), Names::default());
    let mut clerk = Clerk::new(&failures, "names".to_owned(), Box::new(names.clone()));
    put(&failures, ROOM + 7);
    assert_eq!(failures.dropped(), 7);
    clerk.work_off();
    assert_eq!(failures.kept(), ROOM as u64);
    assert_eq!(names.0.lock().unwrap().len(), ROOM);
    put(&failures, 1);
    assert_eq!(failures.dropped(), 7, "there is room again");
}

#[test]
fn a_large_one_is_taken_alone_and_none_beside_it() {
    let failures = Arc::<Failures>::default();
    let _clerk = Clerk::new(&failures, "names".to_owned(), Box::new(Names::default()));
    let large = "7".repeat(33 << 20);
    failures.put(report(&failure("json", &large)));
    assert_eq!(failures.dropped(), 0);
    put(&failures, 1);
    assert_eq!(failures.dropped(), 1);
    assert_eq!(
        failures.after(0).len(),
        1,
        "of the large one nothing is remembered"
    );
}

#[test]
fn at_the_end_what_waits_is_kept() {
    let (failures, names) = (Arc::<Failures>::default(), Names::default());
    let clerk = Clerk::new(&failures, "names".to_owned(), Box::new(names.clone()));
    let closing = clerk.closing();
    put(&failures, 3);
    closing.close();
    clerk.run();
    assert_eq!(names.0.lock().unwrap().len(), 3);
    put(&failures, 1);
    assert_eq!(failures.dropped(), 1, "nobody takes it any more");
}

#[test]
fn a_place_that_hangs_can_be_left() {
    let failures = Arc::<Failures>::default();
    let (begun, begins) = sync_channel(1);
    let (go_on, waits) = sync_channel::<()>(1);
    let hang = move |_: &FailedCall| -> Result<(), BoxError> {
        begun.send(()).unwrap();
        waits.recv().map_err(Into::into)
    };
    let clerk = Clerk::new(&failures, "a hole".to_owned(), Box::new(hang));
    let closing = clerk.closing();
    put(&failures, 3);
    let thread = std::thread::spawn(move || clerk.run());
    begins.recv().unwrap();
    closing.close();
    assert_eq!(closing.give_up(), 2);
    drop(go_on);
    thread.join().unwrap();
    assert_eq!((failures.kept(), failures.refused()), (0, 1));
}

#[test]
fn a_place_that_panics_is_asked_again_the_next_time() {
    let failures = Arc::<Failures>::default();
    let mut asked = 0;
    let panics = move |_: &FailedCall| -> Result<(), BoxError> {
        asked += 1;
        assert_ne!(asked, 1, "the first");
        Ok(())
    };
    let mut clerk = Clerk::new(&failures, "moody".to_owned(), Box::new(panics));
    put(&failures, 2);
    clerk.work_off();
    assert_eq!((failures.kept(), failures.refused()), (1, 1));
}
