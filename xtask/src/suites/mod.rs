//! `cargo xtask test`: runs the suites one after the other with what each needs, and tells how each ended. Which suites
//! there are stands in `table.rs`. `cargo xtask bench` is in `figures.rs`, and runs its programs in the same way.

mod child;
mod compile;
mod figures;
mod report;
mod table;
mod tally;

pub use self::figures::{FIGURES, Figure, bench};
pub use self::table::{SUITES, Suite};

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::Command;
use std::time::Instant;

use self::report::{Outcome, Verdict, summary};
use self::tally::Tally;
use crate::error::Doing;
use crate::services::{Endpoint, Services, workspace};
use crate::{Error, interrupt, machine};

/// Runs the named suites, or all if none is named, in the table's order; true if all passed. A suite that fails does not
/// keep later ones from running. Services are started when the first suite needs them, and stopped at the end if they
/// were started here.
///
/// # Errors
/// When a compiler is missing, services cannot be stopped, or the person at the terminal interrupts.
pub fn run(names: &[String]) -> Result<bool, Error> {
    let chosen: Vec<&Suite> = SUITES
        .iter()
        .filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name))
        .collect();
    if chosen.iter().any(|suite| suite.compiles) {
        machine::ensure_compilers()?;
    }
    let mut services = Borrowed::new();
    let mut outcomes = Vec::new();
    for suite in chosen {
        outcomes.push(run_one(suite, &mut services)?);
    }
    services.give_back()?;

    println!();
    outcomes.iter().for_each(|outcome| println!("{outcome}"));
    println!("{}", summary(&outcomes));
    Ok(outcomes.iter().all(Outcome::passed))
}

/// Runs an example; true if it ended well.
///
/// # Errors
/// When a compiler is missing and cannot be installed, or cargo cannot be started.
pub fn demo(example: &str, options: &[String]) -> Result<bool, Error> {
    machine::ensure_compilers()?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--example", example, "--"]);
    command.args(options);
    let status = command
        .status()
        .doing(|| "run cargo, with which the example is built".into())?;
    Ok(status.success())
}

/// Builds the program of `cargo xtask chaos` and the members that it starts, and runs it; true if it found nothing wrong.
///
/// # Errors
/// When a compiler is missing and cannot be installed, cargo cannot be started, or the person at the terminal interrupts.
pub fn chaos(options: &[String]) -> Result<bool, Error> {
    machine::ensure_compilers()?;
    // Both stand in one folder, where the one finds the other.
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "waterhealer-tests"]);
    build.args(["--bin", "member", "--bin", "chaos"]);
    if !child::stream(&mut build, interrupt::asked, pass_on)?.success() {
        return Ok(false);
    }
    let mut run = cargo();
    run.args(["run", "--quiet", "--package", "waterhealer-tests"]);
    run.args(["--bin", "chaos", "--"]).args(options);
    Ok(child::stream(&mut run, interrupt::asked, pass_on)?.success())
}

/// How one suite ended. An error is what keeps all others from running, too.
fn run_one(suite: &Suite, services: &mut Borrowed) -> Result<Outcome, Error> {
    println!("\n== {}: {}", suite.name, suite.shows);
    let start = Instant::now();
    let mut tally = Tally::default();
    let verdict = match attempt(suite, services, &mut tally) {
        Ok(None) => Verdict::Passed,
        Ok(reason) => Verdict::Failed(reason.filter(|_| tally.failures.is_empty())),
        Err(Error::Interrupted) => return Err(Error::Interrupted),
        Err(error) => {
            eprintln!("{error}");
            let text = error.to_string();
            Verdict::Failed(text.lines().next().map(str::to_string))
        }
    };
    Ok(Outcome {
        suite: suite.name,
        verdict,
        tally,
        took: start.elapsed(),
    })
}

/// Runs the suite's command; the answer is why it failed, if it did.
fn attempt(
    suite: &Suite,
    services: &mut Borrowed,
    tally: &mut Tally,
) -> Result<Option<String>, Error> {
    if let Some(program) = &suite.program {
        machine::ensure_programs(&[program.name], program.package, program.why)?;
    }
    let mut command = cargo();
    command.args(suite.cargo).envs(suite.env.iter().copied());
    if suite.services {
        command.envs(
            services
                .get()?
                .iter()
                .map(|endpoint| (endpoint.variable, endpoint.address.as_str())),
        );
    }
    let words: Vec<_> = command
        .get_args()
        .map(|word| word.to_string_lossy())
        .collect();
    println!("$ cargo {}", words.join(" "));
    let status = child::stream(&mut command, interrupt::asked, |piece| {
        tally.feed(piece);
        pass_on(piece);
    })?;
    Ok(if !status.success() {
        Some(status.to_string())
    } else if suite.tests && !tally.any() {
        Some("no test ran".into())
    } else {
        None
    })
}

/// Shows output as it is. Nobody may be reading any more; the suite's verdict does not depend on that.
fn pass_on(piece: &[u8]) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(piece).and_then(|()| out.flush()) {
        eprintln!("cannot show output: {error}");
    }
}

/// The cargo that runs us, in the workspace's folder, without what it has set for this program alone.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(workspace());
    let of_package = |name: &str| {
        [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    };
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(of_package) {
            command.env_remove(name);
        }
    }
    if env::var_os("CARGO_TERM_COLOR").is_none() && io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// The services of one run: brought up when first asked for, and taken down as far as they were not up before.
struct Borrowed {
    services: Services,
    up: Vec<Endpoint>,
}

impl Borrowed {
    /// On a build server (`CI=true`) each run has services of its own, so that it begins with empty topics.
    fn new() -> Borrowed {
        let ci = env::var("CI").is_ok_and(|value| value == "true" || value == "1");
        let services = if ci {
            Services::apart()
        } else {
            Services::shared()
        };
        Borrowed {
            services,
            up: Vec::new(),
        }
    }

    fn get(&mut self) -> Result<&[Endpoint], Error> {
        if self.up.is_empty() {
            self.up = self.services.up()?;
        }
        Ok(&self.up)
    }

    fn give_back(&mut self) -> Result<(), Error> {
        let up = std::mem::take(&mut self.up);
        if up.is_empty() {
            Ok(())
        } else {
            self.services.undo(&up)
        }
    }
}

impl Drop for Borrowed {
    /// For the ways out of a run that are errors.
    fn drop(&mut self) {
        if let Err(error) = self.give_back() {
            eprintln!("{error}");
        }
    }
}
