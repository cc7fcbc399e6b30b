//! The end of a pipeline: what the end is called. The consumer thread's own last steps are
//! in `poll`; a pipeline that reads nothing from Kafka has no such thread's work to do, and waits here for its end.

use std::time::{Duration, Instant};

use super::control::{Control, Halt, Phase};
use super::lanes::Lanes;
use super::mailbox::Notice;
use crate::error::{Error, ErrorKind};

/// How often a pipeline that reads nothing from Kafka looks whether it is paused; it is woken for the rest.
const IDLE: Duration = Duration::from_millis(100);

/// How often it looks whether its work is finished, once everything is read.
const ENDING: Duration = Duration::from_millis(5);

/// Why a pipeline ends.
pub(super) enum Ending {
    /// It was asked to, has read everything, or halts at a record.
    Orderly,
    /// The client or the commits failed.
    Fault(Error),
}

/// Runs a pipeline that reads nothing from Kafka: waits for its end, which is also that of its files if it is to end with
/// them, and drains it.
///
/// # Errors
/// Why it ended, unless it was asked to.
pub(crate) fn idle<C>(
    lanes: &Lanes<C>,
    control: &Control,
    interval: Duration,
    grace: Duration,
) -> Result<(), Error> {
    let mut paused = false;
    let mut flushed = Instant::now();
    while !control.is_stopping() && !control.is_halted() && !control.is_done_with_files() {
        control.beat();
        if control.is_paused() != paused {
            paused = !paused;
            lanes.tell(|| Notice::Pause(paused));
        }
        control.set_phase(if paused {
            Phase::Paused
        } else {
            Phase::Running
        });
        // Nothing is committed here, and who has sent a value waits for what it comes to.
        if flushed.elapsed() >= interval {
            flushed = Instant::now();
            lanes.tell(|| Notice::Flush);
        }
        control.wait(match control.has_read_all() {
            true => ENDING,
            false => IDLE,
        });
    }
    control.set_phase(Phase::Draining);
    let drained = match lanes.drain().wait(grace) {
        true => Ok(()),
        false => Err(unfinished(grace)),
    };
    conclude(Ending::Orderly, drained, control, false)
}

/// What the end comes to; `heals` says whether there are offsets that stay where they are. A record may also fail while the
/// lane drains, so the halt is asked for last.
///
/// # Errors
/// The fault; else the halt, with what went wrong on top; else how draining or committing went wrong.
pub(super) fn conclude(
    ending: Ending,
    last_steps: Result<(), Error>,
    control: &Control,
    heals: bool,
) -> Result<(), Error> {
    match (ending, control.take_halt()) {
        (Ending::Fault(fault), _) => Err(fault),
        (Ending::Orderly, Some(halt)) => Err(halted(halt, last_steps.err(), heals)),
        (Ending::Orderly, None) => last_steps,
    }
}

fn halted(halt: Halt, besides: Option<Error>, heals: bool) -> Error {
    let Halt {
        stage,
        position,
        failure,
        ..
    } = halt;
    let mut text = format!("`{stage}` failed at {position}: {failure}");
    if heals {
        text.push_str(
            ". The group's offset stays at this record, or at an earlier one that was still under way",
        );
    }
    if let Some(error) = besides {
        text.push_str(&format!("; besides, {error}"));
    }
    Error::new(ErrorKind::Halted { stage, position }, text)
}

/// Work was still under way when its time ran out.
pub(super) fn unfinished(grace: Duration) -> Error {
    Error::new(
        ErrorKind::Unfinished,
        format!(
            "work was still under way after {}; its records are not committed and are read again at the next start",
            humantime::format_duration(grace)
        ),
    )
}
