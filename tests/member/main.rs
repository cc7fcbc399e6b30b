//! The program that the `kafka` tests start as child processes: `MEMBER` names the pipeline that it is. Each pipeline is
//! run by its generated `main`, as a user's would be. What the tests make of it is in `kafka/`.

mod append;
mod buffering;
mod chaos;
mod cli;
mod deduped;
mod exactly;
mod failing;
mod halting;
mod hanging;
mod letters;
mod logging;
mod steady;
mod straggling;
mod traced;
mod watched;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::var("MEMBER").as_deref() {
        Ok("killed") => steady::killed(),
        Ok("deduped") => deduped::start(),
        Ok("stopped") => steady::stopped(),
        Ok("exactly") => exactly::start(),
        Ok("failing") => failing::start(),
        Ok("buffering") => buffering::start(),
        Ok("halting") => halting::start(),
        Ok("hanging") => hanging::start(),
        Ok("offsets") => cli::offsets(),
        Ok("straggling") => straggling::start(),
        Ok("idle") => cli::idle(),
        Ok("nowhere") => cli::nowhere(),
        Ok("chaos") => chaos::start(),
        Ok("chaos-once") => chaos::once(),
        Ok("letters-killed") => letters::killed(),
        Ok("letters-mended") => letters::mended(),
        Ok("watched") => watched::start(),
        Ok("expiring") => watched::expiring(),
        Ok("frozen") => watched::frozen(),
        Ok("traced") => traced::start(),
        Ok("logging") => logging::program(),
        Ok("logging-two") => logging::two(),
        other => panic!("MEMBER names no pipeline: {other:?}"),
    }
}
