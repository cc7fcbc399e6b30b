//! A member of the group in this process: a pipeline on a thread and a runtime of its own.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use waterhealer::{Config, Error, Graph, Handle, Pipeline, Report, State};

use super::{Group, ms, s};

/// What every member of these tests is told: where, as whom, and to heal often.
pub(crate) fn settings(bootstrap: &str, group: &Group) -> Config {
    Config::new()
        .brokers(bootstrap)
        .group(group.name())
        .interval(ms(100))
}

/// A running pipeline.
pub(crate) struct Member<E> {
    handle: Handle<E>,
    ended: Receiver<Result<Report, Error>>,
}

impl<E: Send + 'static> Member<E> {
    pub(crate) fn start<G: Graph<Emitted = E>>(pipeline: Pipeline<G>) -> Member<E>
    where
        Pipeline<G>: Send,
    {
        let mut two = tokio::runtime::Builder::new_multi_thread();
        two.worker_threads(2);
        Member::start_on(two, pipeline)
    }

    /// Starts it on a runtime of this kind.
    pub(crate) fn start_on<G: Graph<Emitted = E>>(
        mut kind: tokio::runtime::Builder,
        pipeline: Pipeline<G>,
    ) -> Member<E>
    where
        Pipeline<G>: Send,
    {
        let handle = pipeline.handle();
        let (tell, ended) = sync_channel(1);
        std::thread::spawn(move || {
            let runtime = kind.enable_all().build().expect("a runtime starts");
            let outcome = runtime.block_on(pipeline.run());
            // A stage may hang on purpose.
            runtime.shutdown_background();
            // A test that has failed listens no more.
            let _gone = tell.send(outcome);
        });
        Member { handle, ended }
    }

    pub(crate) fn handle(&self) -> &Handle<E> {
        &self.handle
    }

    pub(crate) fn state(&self) -> State {
        self.handle.state()
    }

    /// How many partitions it holds.
    pub(crate) fn holds(&self) -> usize {
        self.state().partitions.len()
    }

    /// Waits until it holds so many partitions.
    #[track_caller]
    pub(crate) fn wait_until_it_holds(&self, partitions: usize) {
        let until = Instant::now() + s(30);
        while self.holds() != partitions {
            assert!(
                Instant::now() < until,
                "it should hold {partitions}: {:?}",
                self.state()
            );
            std::thread::sleep(ms(5));
        }
    }

    /// Waits for it to end by itself.
    #[track_caller]
    pub(crate) fn join(self, within: Duration) -> Result<Report, Error> {
        match self.ended.recv_timeout(within) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => {
                panic!(
                    "the pipeline has not ended within {within:?}: {:?}",
                    self.handle.state()
                )
            }
            Err(RecvTimeoutError::Disconnected) => panic!("the pipeline's thread panicked"),
        }
    }

    /// Stops it and waits for its orderly end.
    #[track_caller]
    pub(crate) fn stop(self) -> Report {
        self.handle.stop();
        self.join(s(30)).expect("it ends in order")
    }
}
