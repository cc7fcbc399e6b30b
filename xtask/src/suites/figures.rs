//! `cargo xtask bench`: the measurements, one after the other, with the services that they need. What they measure and
//! what should come out is in the benches themselves.

use std::process::Command;

use super::{Borrowed, cargo, child, compile, pass_on};
use crate::{Error, interrupt, machine};

/// A measurement, which prints figures.
#[derive(Debug)]
pub struct Figure {
    /// As given to `cargo xtask bench NAME`.
    pub name: &'static str,
    /// What it measures.
    pub shows: &'static str,
    how: How,
}

/// How it is made.
#[derive(Debug)]
enum How {
    /// By a command of cargo.
    Cargo(&'static [&'static str]),
    /// By a command of cargo on a real Kafka, with the options that were given.
    OnKafka(&'static [&'static str]),
    /// By a function here; true if it could be made to its end.
    Here(fn() -> Result<bool, Error>),
}

/// All measurements, in the order in which they are made.
pub static FIGURES: [Figure; 7] = [
    Figure {
        name: "ledger",
        shows: "what the ledger costs a record",
        how: How::Cargo(&[
            "bench",
            "--package",
            "waterhealer-runtime",
            "--bench",
            "ledger",
        ]),
    },
    Figure {
        name: "stages",
        shows: "what the stages cost a record, from memory",
        how: How::Cargo(&["bench", "--package", "waterhealer", "--bench", "stages"]),
    },
    Figure {
        name: "operators",
        shows: "what each operator costs a record more than a map, from memory",
        how: How::Cargo(&["bench", "--package", "waterhealer", "--bench", "operators"]),
    },
    Figure {
        name: "compile",
        shows: "`cargo check` of forty nodes, and of the same functions alone",
        how: How::Here(compile::compile),
    },
    Figure {
        name: "throughput",
        shows: "pipelines on a real Kafka against a plain poll loop",
        how: How::OnKafka(&[
            "run",
            "--release",
            "--package",
            "waterhealer-tests",
            "--bin",
            "throughput",
            "--",
        ]),
    },
    Figure {
        name: "redelivery",
        shows: "what is done again after `kill -9` in each mode of delivery, and what the mode costs",
        how: How::OnKafka(&[
            "run",
            "--release",
            "--package",
            "waterhealer-tests",
            "--bin",
            "redelivery",
            "--",
        ]),
    },
    Figure {
        name: "observability",
        shows: "what metrics, logs, checkpoints and sizes cost a pipeline on a real Kafka",
        how: How::OnKafka(&[
            "run",
            "--release",
            "--package",
            "waterhealer-tests",
            "--bin",
            "observability",
            "--",
        ]),
    },
];

/// Makes the named measurement, or all; true if each could be made to its end. `options` go to those on a real Kafka.
///
/// # Errors
/// When a compiler is missing, services cannot be started or stopped, or the person at the terminal interrupts.
pub fn bench(name: Option<&str>, options: &[String]) -> Result<bool, Error> {
    machine::ensure_compilers()?;
    let mut services = Borrowed::new();
    let mut well = true;
    for figure in &FIGURES {
        if name.is_none_or(|name| name == figure.name) {
            println!("\n== {}: {}", figure.name, figure.shows);
            well &= measure(figure, options, &mut services)?;
        }
    }
    services.give_back()?;
    Ok(well)
}

fn measure(figure: &Figure, options: &[String], services: &mut Borrowed) -> Result<bool, Error> {
    let mut command: Command = cargo();
    match figure.how {
        How::Here(make) => return make(),
        How::Cargo(words) => command.args(words),
        How::OnKafka(words) => command.args(words).args(options).envs(
            services
                .get()?
                .iter()
                .map(|endpoint| (endpoint.variable, endpoint.address.as_str())),
        ),
    };
    let status = child::stream(&mut command, interrupt::asked, pass_on)?;
    if !status.success() {
        eprintln!("{}: {status}", figure.name);
    }
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_options_ends_where_they_go() {
        for figure in &FIGURES {
            let (takes, words) = match figure.how {
                How::Here(_) => continue,
                How::Cargo(words) => (false, words),
                How::OnKafka(words) => (true, words),
            };
            assert_eq!(takes, words.last() == Some(&"--"), "{}", figure.name);
        }
    }
}
