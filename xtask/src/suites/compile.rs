//! `cargo xtask bench compile`: how long `cargo check` takes after a body was changed in a pipeline of forty nodes, and in
//! the same functions without their attributes. The program is an accepted one of the tests; both crates are thrown away.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{cargo, child, pass_on};
use crate::error::Doing;
use crate::services::{target, workspace};
use crate::{Error, interrupt};

/// How often each is measured.
const ROUNDS: usize = 11;

/// What a pipeline may cost more than its functions.
const AT_MOST: Duration = Duration::from_secs(2);

/// The program, in the workspace.
const PROGRAM: &str = "tests/ui/accepted/graph/forty_nodes.rs";

/// What is changed in a body: a number.
const TOUCHED: &str = "priced.total > 100";

/// Measures both by turns, so that what else the machine does falls on both. A difference above the bound is told, not
/// failed: it depends on the machine.
pub(super) fn compile() -> Result<bool, Error> {
    let folder = target().join("compile");
    let whole = library(&read(&workspace().join(PROGRAM))?)?;
    let bare = without_attributes(&whole);
    let crates = [
        Crate::new("pipeline", whole, &folder),
        Crate::new("functions", bare, &folder),
    ];
    write_workspace(&folder, &crates)?;
    println!("warming up");
    for one in &crates {
        if one.check()?.is_none() {
            return Ok(false);
        }
    }
    let mut times = [Vec::new(), Vec::new()];
    for round in 1..=ROUNDS {
        for (one, times) in crates.iter().zip(&mut times) {
            one.touch(round)?;
            let Some(took) = one.check()? else {
                return Ok(false);
            };
            times.push(took);
        }
    }
    let [with, without] = times.map(median);
    println!("\n`cargo check` after a body was changed, the median of {ROUNDS}:");
    println!("| a pipeline of forty nodes | {with:.2?} |");
    println!("| its functions, no attributes | {without:.2?} |");
    let more = with.saturating_sub(without);
    let missed = if more > AT_MOST { ": missed" } else { "" };
    println!("| difference | {more:.2?}, at most {AT_MOST:.2?}{missed} |");
    Ok(true)
}

/// One of the two crates.
struct Crate {
    name: &'static str,
    text: String,
    folder: PathBuf,
}

impl Crate {
    fn new(name: &'static str, text: String, folder: &Path) -> Crate {
        Crate {
            name,
            text,
            folder: folder.join(name),
        }
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        write(&self.folder.join("src/lib.rs"), text)
    }

    /// Changes a body, to another number each round.
    fn touch(&self, round: usize) -> Result<(), Error> {
        self.write(&self.text.replace(TOUCHED, &format!("{TOUCHED}{round}")))
    }

    /// How long the check took; `None` if it failed.
    fn check(&self) -> Result<Option<Duration>, Error> {
        let mut command = cargo();
        command
            .current_dir(self.folder.parent().unwrap_or(&self.folder))
            .env("CARGO_TARGET_DIR", target())
            .args(["check", "--quiet", "--package", self.name]);
        let start = Instant::now();
        let status = child::stream(&mut command, interrupt::asked, pass_on)?;
        Ok(status.success().then(|| start.elapsed()))
    }
}

/// A workspace of its own, with the dependencies as they are locked here, so that they are compiled once.
fn write_workspace(folder: &Path, crates: &[Crate]) -> Result<(), Error> {
    let names: Vec<&str> = crates.iter().map(|one| one.name).collect();
    let profiles = "[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.rdkafka-sys]\nopt-level = 2\n";
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n\n{profiles}");
    write(&folder.join("Cargo.toml"), &manifest)?;
    let locked = read(&workspace().join("Cargo.lock"))?;
    write(&folder.join("Cargo.lock"), &locked)?;
    let library = workspace().join("waterhealer");
    for one in crates {
        let manifest = format!(
            "[package]\nname = {:?}\nedition = \"2024\"\n\n[dependencies]\nwaterhealer.path = {library:?}\n",
            one.name
        );
        write(&one.folder.join("Cargo.toml"), &manifest)?;
        one.write(&one.text)?;
    }
    Ok(())
}

/// The program without its `main`, and with nobody to use it.
fn library(program: &str) -> Result<String, Error> {
    match program.split_once("\nfn main()") {
        Some((text, _)) if text.contains(TOUCHED) => {
            let (first, rest) = text.split_once("\n\n").unwrap_or((text, ""));
            Ok(format!(
                "{first}\n\n#![allow(dead_code, unused_imports)]\n\n{rest}\n"
            ))
        }
        _ => Err(Error::Failed(format!(
            "{PROGRAM} has no `fn main()` after a body with `{TOUCHED}`"
        ))),
    }
}

/// The functions alone: inside the pipeline each attribute stands on a line of its own.
fn without_attributes(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().filter(|line| {
        let pipeline = line.starts_with("#[pipeline");
        inside |= pipeline;
        !(pipeline || inside && line.trim_start().starts_with("#["))
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).doing(|| format!("read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    fs::write(path, text).doing(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_has_what_is_looked_for_in_it() {
        let program = read(&workspace().join(PROGRAM)).expect("the tests have it");
        let whole = library(&program).expect("it has a body to change");
        assert_eq!(whole.matches("    #[").count(), 40);
        let bare = without_attributes(&whole);
        assert!(!bare.contains("from ="), "{bare}");
        let functions = |text: &str| text.matches("fn ").count();
        assert_eq!(functions(&whole), functions(&bare));
        assert!(bare.contains("#[derive(Debug, Clone)]"));
    }
}
