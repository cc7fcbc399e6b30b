//! The thread that asks the watchdogs now and then, and has the pipeline end when one of them says so: in order if the
//! consumer thread still comes back, without it if not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::oneshot;

use super::figures::Figures;
use super::watchdogs::{Verdict, Watchdogs};
use crate::broker::Reach;
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::error::{Error, ErrorKind};
use crate::flow::Control;
use crate::graph::Spec;

/// What an end takes beside the time for work under way, at most: the last commit, the farewell to the group, the lanes.
const FAREWELL: Duration = Duration::from_secs(20);

/// What the consumer thread may take for other things than work under way, and be in order.
const BESIDES: Duration = Duration::from_secs(30);

/// The watchdogs of a running pipeline; they watch until this is dropped.
pub(crate) struct Watch {
    /// Each thread ends when its own is dropped.
    while_held: Vec<SyncSender<()>>,
    /// Comes when the consumer thread has not come back.
    left_behind: Option<oneshot::Receiver<()>>,
    /// What the pipeline was ended for.
    verdict: Arc<OnceLock<Verdict>>,
}

/// The longest time between two polls of a consumer thread that is in order.
pub(crate) fn polls_within(settings: &Settings) -> Duration {
    let lanes = settings
        .drain_timeout
        .max(settings.transaction_timeout.unwrap_or_default());
    let usual = lanes * 2 + BESIDES;
    settings.watchdogs.graceful_polling.unwrap_or(usual)
}

/// What an end in order may take. In transactions, what is under way is waited for up to three times.
fn in_order(settings: &Settings) -> Duration {
    let drains = match settings.transaction_timeout {
        Some(_) => 3,
        None => 1,
    };
    settings.shutdown_grace * drains + FAREWELL
}

impl Watch {
    /// Starts to watch what the settings ask for.
    ///
    /// # Errors
    /// When there is no thread, or the client that asks for brokers refuses its configuration.
    pub(crate) fn start(
        spec: &Spec,
        settings: &Settings,
        control: &Arc<Control>,
    ) -> Result<Self, Error> {
        let mut watch = Watch {
            while_held: Vec::new(),
            left_behind: None,
            verdict: Arc::default(),
        };
        if !settings.watchdogs.is_watching() {
            return Ok(watch);
        }
        let mut limits = settings.watchdogs.clone();
        limits.auto_expired = limits.auto_expired.map(spread);
        tracing::info!(%limits, "watchdogs");
        let answers = Arc::new(AtomicU64::new(0));
        let topics = spec.topics(&settings.group);
        match topics.first().filter(|_| limits.brokers_away.is_some()) {
            Some(topic) => {
                let reach = Reach::connect(&settings.producer, topic)?;
                let (answers, interval) = (Arc::clone(&answers), limits.interval);
                watch.spawn("waterhealer-reach", move |until| {
                    ask(&reach, &answers, interval, &until);
                })?;
            }
            // Without a broker to ask there is none to be away.
            None => limits.brokers_away = None,
        }
        let (tell, left_behind) = oneshot::channel();
        watch.left_behind = Some(left_behind);
        let clock = Clock::running();
        let looking = Looking {
            watchdogs: Watchdogs::new(limits.clone(), clock.now()),
            clock,
            limits,
            in_order: in_order(settings),
            control: Arc::clone(control),
            answers,
            verdict: Arc::clone(&watch.verdict),
        };
        watch.spawn("waterhealer-watchdogs", move |until| {
            looking.run(&until, tell);
        })?;
        Ok(watch)
    }

    fn spawn(
        &mut self,
        name: &str,
        work: impl FnOnce(Receiver<()>) + Send + 'static,
    ) -> Result<(), Error> {
        let (hold, until) = sync_channel(0);
        self.while_held.push(hold);
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(until))
            .map_err(|error| Error::new(ErrorKind::Internal, format!("no thread: {error}")))?;
        Ok(())
    }

    /// Ready once a watchdog has asked for the end and the consumer thread has not come back; else never.
    pub(crate) async fn left_behind(&mut self) -> Result<(), Error> {
        if let Some(left_behind) = &mut self.left_behind
            && left_behind.await.is_ok()
        {
            return Err(Error::new(
                ErrorKind::Unfinished,
                "the consumer thread does not come back and is left behind: what is not committed is read again at the next \
                 start, and the group waits for this member as long as its session lasts",
            ));
        }
        std::future::pending().await
    }

    /// What the end of the pipeline is called, now that it has ended: a watchdog that has ended it asks for a restart. A
    /// record that has failed meanwhile, or another process in its place, are more than that.
    pub(crate) fn judge(&self, ended: Result<(), Error>) -> Result<(), Error> {
        let Some(verdict) = self.verdict.get() else {
            return ended;
        };
        let mut why = format!("watchdog `{}`: {}", verdict.name, verdict.why);
        match ended {
            Ok(()) => {}
            Err(error) if is_more(error.kind()) => return Err(error),
            Err(error) => why.push_str(&format!("; besides, {error}")),
        }
        let name = verdict.name;
        Err(Error::new(ErrorKind::Watchdog { name }, why))
    }
}

/// A failure that a restart would meet again.
fn is_more(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Halted { .. } | ErrorKind::Fenced | ErrorKind::Configuration
    )
}

/// Up to a tenth of the time less: members that were started together shall not end together.
fn spread(limit: Duration) -> Duration {
    limit.mul_f64(1.0 - fastrand::f64() / 10.0)
}

/// What the thread has.
struct Looking {
    watchdogs: Watchdogs,
    clock: Clock,
    limits: config::Watchdogs,
    /// How long an end in order may take.
    in_order: Duration,
    control: Arc<Control>,
    answers: Arc<AtomicU64>,
    verdict: Arc<OnceLock<Verdict>>,
}

impl Looking {
    fn run(mut self, until: &Receiver<()>, left_behind: oneshot::Sender<()>) {
        let Some(verdict) = self.look(until) else {
            return;
        };
        let Verdict { name, why, hangs } = verdict.clone();
        self.control
            .raise_alarm(format!("watchdog `{name}`: {why}"));
        tracing::warn!(watchdog = name, why, "a watchdog asks for a restart");
        if is_over(until, self.limits.sleep_before_shutdown) {
            return;
        }
        // Nobody else sets it.
        let _set = self.verdict.set(verdict);
        self.control.stop();
        if hangs || !is_over(until, self.in_order) {
            // The pipeline may have ended just now.
            let _ended = left_behind.send(());
        }
    }

    /// Looks until there is a verdict, or none is wanted any more.
    fn look(&mut self, until: &Receiver<()>) -> Option<Verdict> {
        while !is_over(until, self.limits.interval) {
            let figures = Figures::of(&self.control, self.answers.load(Ordering::Relaxed));
            if let Some(verdict) = self.watchdogs.look(self.clock.now(), &figures) {
                return Some(verdict);
            }
        }
        None
    }
}

/// Asks the brokers, and counts their answers.
fn ask(reach: &Reach, answers: &AtomicU64, interval: Duration, until: &Receiver<()>) {
    while !is_over(until, interval) {
        answers.fetch_add(u64::from(reach.is_there()), Ordering::Relaxed);
    }
}

/// Waits so long; whether the pipeline has ended meanwhile.
fn is_over(until: &Receiver<()>, wait: Duration) -> bool {
    until.recv_timeout(wait) != Err(RecvTimeoutError::Timeout)
}

#[cfg(test)]
mod tests;
