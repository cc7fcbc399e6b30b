//! The threads of a pipeline: how they are started, and how lanes are waited for. What runs on them is `flow`'s.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime;
use tokio::sync::mpsc;

use crate::error::{Error, ErrorKind};
use crate::flow::{self, Emission, Graph, Intake, Lane};
use crate::guard::guard;

/// How long a lane may take to end once its work is drained.
const LANE_END: Duration = Duration::from_secs(5);

/// Starts a lane's thread, and waits until its graph is made.
pub(super) fn start_lane<G: Graph>(
    lane: Lane<G::Completion>,
    resources: Arc<G::Resources>,
    pool: runtime::Handle,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    intake: Intake,
) -> Result<JoinHandle<()>, Error> {
    let (tell, failed) = sync_channel(1);
    let thread = spawn("waterhealer-lane", move || {
        let _inside = pool.enter();
        // States start with the user's own expressions.
        let graph = match guard(|| G::new(resources)) {
            Ok(graph) => graph,
            Err(failure) => {
                // The thread that started this one waits for it.
                let _heard = tell.send(failure);
                return;
            }
        };
        drop(tell);
        flow::run(lane, graph, emissions, intake);
    })?;
    // Nothing comes, and nothing can any more, once it has started.
    match failed.recv() {
        Err(_) => Ok(thread),
        Ok(failure) => {
            let why =
                format!("the pipeline cannot start, its first states cannot be made: {failure}");
            Err(Error::new(ErrorKind::Internal, why))
        }
    }
}

/// A thread of this name.
pub(super) fn spawn(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| {
            Error::new(
                ErrorKind::Internal,
                format!("no thread for {name}: {error}"),
            )
        })
}

/// A lane that is stuck in user code cannot be ended from outside; what it holds was never committed.
pub(super) fn wait_for(lane: JoinHandle<()>) -> Result<(), Error> {
    let until = Instant::now() + LANE_END;
    while !lane.is_finished() {
        if Instant::now() > until {
            return Err(Error::new(
                ErrorKind::Unfinished,
                "the lane does not end: a stage, or the drop of a resource, does not come back. What is not committed is read \
                 again at the next start",
            ));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    lane.join().map_err(|_| {
        Error::new(
            ErrorKind::Internal,
            "the lane panicked outside of every stage",
        )
    })
}
