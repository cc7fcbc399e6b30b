//! Signs of life, and their absence.

use super::*;

#[test]
fn a_consumer_thread_that_polls_no_more_is_not_healthy() {
    let control = Control::new();
    control.expect_polls(Duration::from_millis(1));
    assert_eq!(control.health(), Ok(()), "it has not begun");
    control.beat();
    while control.health().is_ok() {
        std::thread::yield_now();
    }
    let why = control.health().unwrap_err();
    assert!(why.contains("has not polled"), "{why}");
    control.set_phase(Phase::Stopped);
    assert_eq!(control.health(), Ok(()), "it has ended");
}

#[test]
fn a_watchdog_that_asks_for_the_end_is_heard() {
    let control = Control::new();
    control.beat();
    control.expect_polls(Duration::from_secs(60));
    assert_eq!(control.health(), Ok(()));
    control.raise_alarm("it has expired".to_owned());
    control.raise_alarm("and more".to_owned());
    assert_eq!(control.health(), Err("it has expired".to_owned()));
}
