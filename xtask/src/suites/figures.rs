//! `cargo xtask bench`: the measurements, one after the other, with the services that they need. What they measure and
//! what should come out is in the benches themselves.

use std::process::Command;

use super::{Borrowed, cargo, child, pass_on};
use crate::{Error, interrupt, machine};

/// A measurement: a command of cargo that prints figures.
#[derive(Debug)]
pub struct Figure {
    /// As given to `cargo xtask bench NAME`.
    pub name: &'static str,
    /// What it measures.
    pub shows: &'static str,
    cargo: &'static [&'static str],
    /// Whether it needs a real Kafka, and takes options of its own.
    services: bool,
}

/// All measurements, in the order in which they are made.
pub static FIGURES: [Figure; 3] = [
    Figure {
        name: "ledger",
        shows: "what the ledger costs a record",
        cargo: &[
            "bench",
            "--package",
            "waterhealer-runtime",
            "--bench",
            "ledger",
        ],
        services: false,
    },
    Figure {
        name: "stages",
        shows: "what the stages cost a record, from memory",
        cargo: &["bench", "--package", "waterhealer", "--bench", "stages"],
        services: false,
    },
    Figure {
        name: "throughput",
        shows: "pipelines on a real Kafka against a plain poll loop",
        cargo: &[
            "run",
            "--release",
            "--package",
            "waterhealer-tests",
            "--bin",
            "throughput",
            "--",
        ],
        services: true,
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
    command.args(figure.cargo);
    if figure.services {
        command.args(options).envs(
            services
                .get()?
                .iter()
                .map(|endpoint| (endpoint.variable, endpoint.address.as_str())),
        );
    }
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
            assert_eq!(
                figure.services,
                figure.cargo.last() == Some(&"--"),
                "{}",
                figure.name
            );
        }
    }
}
