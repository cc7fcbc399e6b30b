//! A pipeline as a value: configure it, take a handle, run it. Two threads are started here: the consumer's, which ends
//! the pipeline, and the lane's, which it ends.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

use super::explain::Rule;
use super::handle::Handle;
use super::keeping::Keeping;
use super::producing::{begin_transactions, start_producer};
use super::recording::{Asked, Recording};
use super::refusals::{refuse_flushes_beside_others, refuse_letters_to_itself};
use super::threads::{spawn, start_lane, wait_for};
use crate::broker::check_topics;
use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::error::{Error, ErrorKind};
use crate::flow::{
    self, Control, Emission, Failing, Graph, Intake, Lane, LaneProducer, Lanes, Mailbox, Notice,
    Outbox, Parts, Phase, Poller, Slots, read_files,
};
use crate::graph::Format;
use crate::lifecycle::{Watch, polls_within};
use crate::serve::{Serving, View, bind};
use crate::spans::Tracer;

/// Values sent in by hand that may wait for the lane.
const EMISSIONS: usize = 1_000;

/// A pipeline, ready to be configured and run.
pub struct Pipeline<G: Graph> {
    pub(super) resources: Arc<G::Resources>,
    pub(super) config: Config,
    control: Arc<Control>,
    mailbox: Arc<Mailbox<G::Completion>>,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    emit: mpsc::Sender<Emission<G::Emitted>>,
    /// The program's; without one, the pipeline has its own if there is to be one.
    tracer: Option<Tracer>,
    pub(super) asked: Asked,
    pub(super) rules: &'static [Rule],
}

/// What a pipeline has done, once it has ended in order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Records that reached their end.
    pub finished: u64,
    /// Records that failed at a stage that skips.
    pub skipped: u64,
    /// Records that came again and were passed over, since they were finished already: repetitions avoided.
    pub passed_over: u64,
    /// Finished records that the dedupe store was not told of, since it was away and the policy is to go on.
    pub untold: u64,
    /// Records that failed and are in a dead-letter topic.
    pub dead_lettered: u64,
    /// Commits that the broker has confirmed.
    pub commits: u64,
}

impl<G: Graph> Pipeline<G> {
    /// A pipeline over these resources, configured by its attributes alone.
    pub fn new(resources: G::Resources) -> Self {
        let (emit, emissions) = mpsc::channel(EMISSIONS);
        Pipeline {
            resources: Arc::new(resources),
            config: Config::new(),
            control: Control::new(),
            mailbox: Mailbox::new(),
            emissions,
            emit,
            tracer: None,
            asked: Asked::default(),
            rules: &[],
        }
    }

    /// Sends its spans by this one, which whoever gives it ends.
    pub(super) fn tracer(self, tracer: Option<Tracer>) -> Self {
        Pipeline { tracer, ..self }
    }

    /// Sets the configuration, in place of any set before.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// A handle to send values in, pause, resume, stop and look.
    pub fn handle(&self) -> Handle<G::Emitted> {
        let mailbox = Arc::clone(&self.mailbox);
        let look = move || mailbox.notify(Notice::Look);
        Handle::new(
            G::spec(),
            Arc::clone(&self.control),
            self.emit.clone(),
            Arc::new(look),
        )
    }

    /// The graph as text.
    pub fn graph(&self, format: Format) -> String {
        G::spec().render(format)
    }

    /// Runs until the pipeline is stopped by its handle, has read everything (`until_end`), or cannot go on. When this
    /// future is dropped, the pipeline drains, commits and leaves by itself.
    ///
    /// # Errors
    /// When a record halts it, the configuration is wrong, Kafka is out of reach, or a watchdog asks for a restart: see
    /// [`ErrorKind`].
    pub async fn run(self) -> Result<Report, Error> {
        let control = Arc::clone(&self.control);
        let _stop_on_drop = StopOnDrop(Arc::clone(&control));
        let (outcome, mut watch, serving) = match self.start() {
            Ok(started) => started,
            Err(error) => {
                control.set_phase(Phase::Stopped);
                return Err(error);
            }
        };
        let ended = tokio::select! {
            // The pipeline's own end first: then nothing was left behind.
            biased;
            ended = outcome => ended.unwrap_or_else(|_| {
                Err(Error::new(
                    ErrorKind::Internal,
                    "the consumer thread ended without saying why",
                ))
            }),
            left_behind = watch.left_behind() => left_behind,
        };
        if let Some(serving) = serving {
            serving.end().await;
        }
        watch.judge(ended).map(|()| Report {
            finished: control.finished.load(Ordering::Relaxed),
            skipped: control.skipped.load(Ordering::Relaxed),
            passed_over: control.passed_over.load(Ordering::Relaxed),
            untold: control.untold.load(Ordering::Relaxed),
            dead_lettered: control.dead_lettered.load(Ordering::Relaxed),
            commits: control.commits.load(Ordering::Relaxed),
        })
    }

    /// Runs until `end` is ready as well: then the pipeline is stopped in order.
    ///
    /// # Errors
    /// As [`run`](Pipeline::run).
    pub async fn run_until(self, end: impl Future<Output = ()>) -> Result<Report, Error> {
        let control = Arc::clone(&self.control);
        let run = std::pin::pin!(self.run());
        let end = std::pin::pin!(async {
            end.await;
            control.stop();
            std::future::pending::<()>().await;
        });
        tokio::select! {
            // The result first: a pipeline that has ended has nothing to be asked.
            biased;
            outcome = run => outcome,
            () = end => Err(Error::new(ErrorKind::Internal, "the end was reached twice")),
        }
    }

    /// What it is made of, for a test to drive it.
    pub(crate) fn into_parts(self) -> Parts<G> {
        Parts {
            resources: self.resources,
            mailbox: self.mailbox,
            emissions: self.emissions,
            emit: self.emit,
            clerks: self.asked.clerks(&self.control.failures, &[]),
            control: self.control,
        }
    }

    fn start(self) -> Result<Started, Error> {
        let spec = G::spec();
        let settings = self.config.settle(spec)?;
        refuse_flushes_beside_others(G::BUFFERS, settings.lanes)?;
        let pool = runtime::Handle::try_current().map_err(|_| {
            Error::new(
                ErrorKind::Configuration,
                "a pipeline runs inside a Tokio runtime: call it from `#[tokio::main]` or `Runtime::block_on`",
            )
        })?;
        self.control.expect_polls(polls_within(&settings));
        let watch = Watch::start(spec, &settings, &self.control)?;
        let serving = serve_at::<G>(&settings, &self.control)?;
        let (tell, outcome) = oneshot::channel();
        let consumer = move || {
            let control = Arc::clone(&self.control);
            let ended = self.trace(&settings, pool);
            control.set_phase(Phase::Stopped);
            // Nobody listens when `run` was dropped.
            let _dropped = tell.send(ended);
        };
        spawn("waterhealer-consumer", consumer)?;
        Ok((outcome, watch, serving))
    }

    /// The consumer thread, and around it what sends spans.
    fn trace(mut self, settings: &Settings, pool: runtime::Handle) -> Result<(), Error> {
        let given = self.tracer.take();
        let own = match (&given, &settings.spans) {
            (None, Some(endpoint)) => Some(Tracer::start(endpoint, G::spec().name)?),
            _ => None,
        };
        self.tracer = given.or_else(|| own.clone());
        let ended = self.supervise(settings, pool);
        if let Some(own) = own {
            own.end();
        }
        ended
    }

    /// The consumer thread: starts the lanes, polls, ends the lanes.
    fn supervise(self, settings: &Settings, pool: runtime::Handle) -> Result<(), Error> {
        let spec = G::spec();
        let reads = spec.read_topics().next().is_some();
        let Pipeline {
            resources,
            control,
            mailbox,
            emissions,
            tracer,
            asked,
            ..
        } = self;
        // What does not come by partitions is the first lane's.
        let lanes = Lanes::new(mailbox, if reads { settings.lanes } else { 1 });
        control.expect_lanes(lanes.len());
        let woken = lanes.clone();
        let wake = move || woken.tell(|| Notice::Look);
        control.inside.open(lanes.len(), wake);
        let mut slots = Slots::new(lanes.len());
        let first = Arc::clone(lanes.mailbox(0));
        let (files, intake) = read_files(spec, settings.until_end, first, &mut slots)?;
        refuse_letters_to_itself(spec, &settings.group)?;
        let topics = spec.topics(&settings.group);
        if !topics.is_empty() {
            let checked = check_topics(&settings.producer, &topics, settings.connect_timeout)?;
            slots = slots.of_cluster(checked.cluster);
        }
        for topic in spec.circular_topics() {
            tracing::warn!(
                topic,
                "the pipeline reads what it writes: see that its records do not go round for ever"
            );
        }
        // They end last: what the lanes leave with them at the end is still kept.
        let recording = Recording::start(asked, settings, &control.failures)?;
        let failing = Failing {
            written: G::WRITTEN,
            keeps: recording.keeps(),
            attempts: settings.failures.attempts,
        };
        let producer = start_producer(spec, settings, &lanes)?;
        let exact = begin_transactions(spec, settings, &lanes, &control, producer.as_ref())?;
        let staging = exact.is_some();
        // It ends after the lanes and the poller, which leave things with it.
        let keeping = Keeping::start(settings.dedupe.as_ref().filter(|_| reads), settings)?;
        let keeper = keeping.as_ref().map(Keeping::keeper);
        let poller = reads
            .then(|| {
                let (lanes, control) = (lanes.clone(), Arc::clone(&control));
                Poller::connect(spec, settings, lanes, control, slots, exact, keeper.clone())
            })
            .transpose()?;
        let mut crew = Vec::with_capacity(lanes.len());
        let mut first_only = Some((emissions, intake));
        for (index, mailbox) in lanes.each() {
            let (mailbox, control) = (Arc::clone(mailbox), Arc::clone(&control));
            let outbox = producer.as_ref().map(|producer| {
                let way = LaneProducer {
                    producer: Arc::clone(producer),
                    lane: index,
                };
                match staging {
                    true => Outbox::staging(way),
                    false => Outbox::new(way),
                }
            });
            let clock = Clock::running();
            let lane = Lane::new(spec, mailbox, control, pool.clone(), outbox, clock);
            let (emissions, intake) = first_only
                .take()
                .unwrap_or_else(|| (mpsc::channel(1).1, Intake::default()));
            let resources = Arc::clone(&resources);
            match start_lane::<G>(
                lane.numbered(index)
                    .watching(settings.metrics, settings.logs.values)
                    .measuring(settings.data_sizes)
                    .keeping(settings.checkpoints)
                    .tracing(tracer.clone())
                    .in_group(&settings.group)
                    .failing(failing)
                    .noting(keeper.clone()),
                resources,
                pool.clone(),
                emissions,
                intake,
            ) {
                Ok(thread) => crew.push(thread),
                Err(error) => {
                    // Those that have started would wait for ever.
                    lanes.tell(|| Notice::End);
                    return Err(error);
                }
            }
        }
        drop((producer, resources));
        if let Some(files) = files {
            // It ends when the lane has gone.
            spawn("waterhealer-files", move || files.run())?;
        }
        let ended = match poller {
            Some(poller) => poller.run(),
            None => flow::idle(&lanes, &control, settings.interval, settings.shutdown_grace),
        };
        lanes.tell(|| Notice::End);
        ended.and(crew.into_iter().try_for_each(wait_for))
    }
}

impl<G: Graph> fmt::Debug for Pipeline<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("name", &G::spec().name)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// What has been started: how it ends, who watches that it does, who answers over HTTP.
type Started = (oneshot::Receiver<Result<(), Error>>, Watch, Option<Serving>);

/// Answers over HTTP, if it is to.
fn serve_at<G: Graph>(
    settings: &Settings,
    control: &Arc<Control>,
) -> Result<Option<Serving>, Error> {
    let Some((listener, address)) = settings.http.map(bind).transpose()?.flatten() else {
        return Ok(None);
    };
    control.set_http(address);
    let view = View::new(G::spec(), Arc::clone(control), settings);
    Ok(Some(Serving::start(listener, address, view)))
}

/// Stops the pipeline when nobody waits for it any more.
struct StopOnDrop(Arc<Control>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}
