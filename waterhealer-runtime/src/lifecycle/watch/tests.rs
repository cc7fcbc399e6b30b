//! The watchdogs' thread beside a consumer thread that hangs, ends in order, or ends by itself.

use std::sync::mpsc;

use super::*;
use crate::config::Config;
use crate::types::Position;

const SPEC: Spec = Spec {
    name: "billing",
    settings: &[
        ("auto_shutdown_interval", "5ms"),
        ("auto_shutdown_sleep_before_shutdown", "5ms"),
        ("drain_timeout", "5ms"),
    ],
    nodes: &[],
    edges: &[],
};

fn watch(setting: &str, value: &str, control: &Arc<Control>) -> Watch {
    let config = Config::new().set(setting, value);
    let settings = config.settle(&SPEC).unwrap();
    Watch::start(&SPEC, &settings, control).unwrap()
}

fn left_behind(watch: &mut Watch) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(watch.left_behind())
}

/// What the pipeline's end would be called, if it came like this.
fn called(watch: &Watch, kind: ErrorKind) -> ErrorKind {
    let ended = Err(Error::new(kind, "it ended so"));
    watch.judge(ended).unwrap_err().kind().clone()
}

#[test]
fn a_consumer_thread_that_hangs_is_left_behind() {
    let control = Control::new();
    let (hang, hangs) = mpsc::sync_channel::<()>(0);
    let polled = Arc::clone(&control);
    let consumer = std::thread::spawn(move || {
        polled.beat();
        let _comes_back = hangs.recv();
    });
    let mut watch = watch("auto_shutdown_graceful_polling", "20ms", &control);
    let ended = left_behind(&mut watch);
    assert!(!consumer.is_finished(), "nobody waits for it");
    assert!(control.health().unwrap_err().contains("graceful_polling"));
    let error = watch.judge(ended).unwrap_err();
    let name = "graceful_polling";
    assert_eq!(error.kind(), &ErrorKind::Watchdog { name });
    for part in ["has not polled for", "left behind"] {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    drop(hang);
    consumer.join().unwrap();
}

#[test]
fn a_watchdog_has_the_pipeline_end_in_order() {
    let control = Control::new();
    let watch = watch("auto_shutdown_auto_expired", "20ms", &control);
    while !control.is_stopping() {
        std::thread::yield_now();
    }
    let name = "auto_expired";
    let error = watch.judge(Ok(())).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Watchdog { name });
    let text = error.to_string();
    assert!(
        text.starts_with("watchdog `auto_expired`: it has run for "),
        "{text}"
    );
    assert_eq!(
        called(&watch, ErrorKind::Unfinished),
        ErrorKind::Watchdog { name }
    );
    // A failure that comes again after a restart is not hidden behind it.
    assert_eq!(called(&watch, ErrorKind::Fenced), ErrorKind::Fenced);
    let halted = ErrorKind::Halted {
        stage: "price",
        position: Position {
            topic: Arc::from("orders"),
            partition: 0,
            offset: 7,
        },
    };
    assert_eq!(called(&watch, halted.clone()), halted);
}

#[test]
fn an_end_in_order_that_does_not_come_is_not_waited_for_for_ever() {
    let control = Control::new();
    let settings = Config::new()
        .set("auto_shutdown_auto_expired", "5ms")
        .settle(&SPEC);
    let limits = settings.unwrap().watchdogs;
    let (_hold, until) = sync_channel(0);
    let (tell, left_behind) = oneshot::channel();
    let verdict = Arc::<OnceLock<Verdict>>::default();
    let clock = Clock::running();
    let looking = Looking {
        watchdogs: Watchdogs::new(limits.clone(), clock.now()),
        clock,
        limits,
        in_order: Duration::from_millis(5),
        control: Arc::clone(&control),
        answers: Arc::default(),
        verdict: Arc::clone(&verdict),
    };
    looking.run(&until, tell);
    assert!(left_behind.blocking_recv().is_ok());
    assert!(control.is_stopping() && verdict.get().is_some());
}

#[test]
fn nobody_watches_where_nobody_asked() {
    let control = Control::new();
    let watch = watch("auto_shutdown", "false", &control);
    assert!(watch.while_held.is_empty());
    assert!(watch.judge(Ok(())).is_ok());
}

#[test]
fn a_pipeline_that_ends_by_itself_is_not_called_a_restart() {
    let control = Control::new();
    let mut watch = watch("auto_shutdown_auto_expired", "1h", &control);
    let verdict = Arc::clone(&watch.verdict);
    watch.while_held.clear();
    // The thread goes, and with it what it would tell.
    let told = watch.left_behind.take().unwrap().blocking_recv();
    assert!(told.is_err());
    assert!(verdict.get().is_none() && watch.judge(Ok(())).is_ok());
    assert!(!control.is_stopping());
}

#[test]
fn members_that_start_together_expire_at_different_times() {
    let limit = Duration::from_secs(3_600);
    let times: Vec<Duration> = (0..1_000).map(|_| spread(limit)).collect();
    assert!(
        times
            .iter()
            .all(|time| (limit * 9 / 10..=limit).contains(time))
    );
    assert!(times.iter().any(|time| *time < limit * 92 / 100));
    assert!(times.iter().any(|time| *time > limit * 98 / 100));
}
