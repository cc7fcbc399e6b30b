//! The hand-offs between the consumer thread, the lanes and those who answer calls, under schedules of all kinds: `shuttle`
//! says at each lock, atomic and channel who goes on. `member` is the consumer thread, `stages` the graph, `kafka` what is on the
//! other side, and `model` says what must hold.
//!
//! Not here: what weaker orderings of atomics would let a processor do, since `shuttle` keeps to one order of all; and the
//! producer, files and timers, which have tests of their own.

mod bursts;
mod kafka;
mod member;
mod model;
mod stages;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, Scheduler};
use shuttle::thread;
use shuttle::{Config, FailurePersistence, Runner};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use self::bursts::Bursts;
use self::member::Member;
use self::model::Model;
use self::stages::{PLANNED, Plan, SPEC, Stages, Value, answer_calls};
use super::lane::Emission;
use super::{Control, Intake, Lane, Lanes, Mailbox, Notice};
use crate::clock::Clock;
use crate::config::Settings;
use crate::ledger::Ticket;
use crate::sync::atomic::Ordering;

/// Schedules of each kind, unless `SCHEDULES` says how many.
const SCHEDULES: usize = 2_000;

/// Places in one schedule at which the second kind takes the turn away from whoever has it.
const TURNS: usize = 4;

/// Nothing waits on it: a lane wants to know of a pool, that is all.
static POOL: LazyLock<Runtime> = LazyLock::new(|| {
    let pool = tokio::runtime::Builder::new_current_thread();
    { pool }.build().expect("a runtime without a thread starts")
});

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let config = crate::Config::new().brokers("nowhere:1").group("schedules");
    config.settle(&SPEC).expect("the settings are in order")
});

type Answer = oneshot::Receiver<Result<(), String>>;

#[test]
fn at_random() {
    run(Bursts::new(count()));
}

#[test]
fn with_few_turns_at_bad_places() {
    run(PctScheduler::new(TURNS, count()));
}

fn count() -> usize {
    let count = std::env::var("SCHEDULES").ok();
    count.map_or(SCHEDULES, |count| {
        count.parse().expect("SCHEDULES is a number")
    })
}

/// Runs the schedules; with `SCHEDULE`, only the one that this file holds.
fn run(scheduler: impl Scheduler + 'static) {
    LazyLock::force(&POOL);
    LazyLock::force(&SETTINGS);
    if let Some(file) = std::env::var_os("SCHEDULE") {
        return shuttle::replay_from_file(story, file);
    }
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/schedules"));
    std::fs::create_dir_all(&folder).expect("there is a target folder");
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::File(Some(folder));
    Runner::new(scheduler, config).run(story);
}

/// One pipeline from its start to its end.
fn story() {
    // Of the schedule before, on the same thread.
    Ticket::take_dropped();
    let mut rng = thread_rng();
    let partitions = 3;
    let plan = Plan {
        has_window: rng.r#gen(),
        fails: rng
            .gen_ratio(1, 4)
            .then(|| (rng.gen_range(0..partitions), rng.gen_range(0..9))),
        concurrency: rng.gen_range(1..4),
    };
    let model = Arc::new(Model::default());
    let control = Control::new();
    let lanes = Lanes::new(Mailbox::new(), rng.gen_range(1..3));
    control.expect_lanes(lanes.len());
    let mut member = Member::new(
        lanes.clone(),
        Arc::clone(&control),
        &SETTINGS,
        Arc::clone(&model),
        partitions,
    );

    let (emit, emissions) = mpsc::channel(4);
    let mut emissions = Some(emissions);
    let mut threads = Vec::new();
    for (index, mailbox) in lanes.each() {
        let emissions = emissions.take().unwrap_or_else(|| mpsc::channel(1).1);
        let (mailbox, control) = (Arc::clone(mailbox), Arc::clone(&control));
        let model = Arc::clone(&model);
        let (jobs, asked) = shuttle::sync::mpsc::channel();
        threads.push(thread::spawn(move || answer_calls(&asked)));
        threads.push(thread::spawn(move || {
            let pool = POOL.handle().clone();
            let lane = Lane::new(&SPEC, mailbox, control, pool, None, Clock::still());
            let stages = Stages::new(plan, model, jobs);
            super::run(lane.numbered(index), stages, emissions, Intake::default());
        }));
    }
    let user = {
        let (control, first) = (Arc::clone(&control), Arc::clone(lanes.mailbox(0)));
        thread::spawn(move || meddle(&control, &first, &emit))
    };

    let steps = rng.gen_range(5..30);
    member.go(steps);
    let stays = rng.gen_ratio(2, 3);
    if stays {
        let mut answers = user.join().expect("the user's thread ends");
        member.finish(plan.has_window);
        member.patiently("the end of what was sent in by hand", |member| {
            answers.retain_mut(|answer| answer.try_recv() != Ok(Ok(())));
            answers.is_empty() || member.is_ending()
        });
    }
    member.end();
    for thread in threads {
        thread
            .join()
            .expect("a lane ends, and those who answer its calls");
    }
    model.check();
    assert_eq!(Ticket::take_dropped(), 0, "tickets were dropped");
    assert_eq!(control.calls.load(Ordering::Relaxed), 0, "calls are left");
    assert_eq!(lanes.queued(), 0, "records are left");
    if let Some(halt) = control.take_halt() {
        let why = halt.failure.to_string();
        assert!(plan.fails.is_some() && why == PLANNED, "it halted: {why}");
    }
}

/// A user with a handle, who pauses and sends values in by hand, as `runner` does it.
fn meddle(
    control: &Control,
    first: &Mailbox<Value>,
    emit: &mpsc::Sender<Emission<()>>,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in 0..thread_rng().gen_range(0..4) {
        if thread_rng().r#gen() {
            control.pause(thread_rng().r#gen());
        } else {
            let (waiter, answer) = oneshot::channel();
            // The pipeline may have ended.
            if emit.try_send(Emission { value: (), waiter }).is_ok() {
                answers.push(answer);
                first.notify(Notice::Look);
            }
        }
    }
    control.pause(false);
    answers
}
