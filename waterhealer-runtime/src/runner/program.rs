//! The whole program that `name::main` is: its command line, its exit code, what it prints.

use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tokio::runtime::Runtime;

use super::dlq::Dlq;
use super::emit_id::Asked;
use super::explain::{Rule, explain};
use super::offsets::{self, Verb};
use super::pipeline::{Pipeline, Report};
use super::refusals::refuse_letters_to_itself;
use super::replay::Again;
use super::signals;
use crate::broker::check_topics;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::files::Reader;
use crate::flow::Graph;
use crate::graph::{Format, Spec};
use crate::spans::Tracer;
use crate::store;
use crate::telemetry;

/// The exit code of a pipeline that failed.
pub(super) const FAILED: u8 = 1;
/// The exit code of a wrong command line, as clap has it.
pub(super) const USAGE: u8 = 2;
/// The exit code of a pipeline that asks to be started again, as in sysexits.h.
const RESTART: u8 = 75;
/// The exit code of a wrong configuration, as in sysexits.h.
const CONFIGURATION: u8 = 78;

#[derive(Parser)]
#[command(
    version,
    about = "A waterhealer pipeline: reads Kafka, works, and commits only what is finished."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Run the pipeline (the default).
    Run,
    /// Print the graph.
    Graph {
        /// How to write it.
        #[arg(long, value_enum, default_value = "mermaid")]
        format: Format,
    },
    /// Check the configuration, the files, the brokers and the topics.
    Check {
        /// Check the configuration alone.
        #[arg(long)]
        offline: bool,
    },
    /// Look at dead letters, send them back, remove them.
    #[command(subcommand)]
    Dlq(Dlq),
    /// Look at the group's offsets, or set them.
    Offsets {
        #[command(subcommand)]
        verb: Verb,
    },
    /// Say which record an emit id names, or which emit id a record has.
    EmitId(Asked),
    /// Call a stage again with what it was given, as a file of a kept failure says.
    Replay(Again),
    /// Explain a rule by its code, such as WH0007, or list all of them.
    Explain {
        /// As in the compiler's message; 7 will do.
        code: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct Options {
    /// The brokers to start from: host:port, several separated by commas.
    #[arg(long, global = true)]
    brokers: Option<String>,
    /// The consumer group whose offsets are healed.
    #[arg(long, global = true)]
    group: Option<String>,
    /// Between two heals, such as 10s or 500ms.
    #[arg(long, global = true)]
    interval: Option<String>,
    /// Where finished offsets are kept for the next owner: off, memory, redb:PATH or redis://HOST:PORT. The environment's
    /// WATERHEALER_DEDUPE is the place for an address with a password.
    #[arg(long, global = true)]
    dedupe: Option<String>,
    /// Where metrics, health and state are to be had over HTTP: an address of this machine, or off. 127.0.0.1:8000 unless
    /// something else is said.
    #[arg(long, global = true, value_name = "ADDRESS")]
    http: Option<String>,
    /// Where failed calls are kept with what they were given: off, dir:PATH, s3://…, gs://…, az://… or https://…, several
    /// separated by commas. The environment's WATERHEALER_FAILURES is the place for an address with a secret.
    #[arg(long, global = true)]
    failures: Option<String>,
    /// Start at the beginning of partitions for which the group has no offset.
    #[arg(long, global = true)]
    from_beginning: bool,
    /// Stop once everything is read and finished.
    #[arg(long, global = true)]
    until_end: bool,
    /// A property of the Kafka client, by librdkafka's name.
    #[arg(long = "kafka", global = true, value_name = "NAME=VALUE")]
    kafka: Vec<String>,
    /// The configuration file, in place of ./waterhealer.toml.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

/// Runs a pipeline as a whole program: command line, signals, exit code.
pub(super) fn run_program<G: Graph>(mut pipeline: Pipeline<G>) -> ExitCode {
    let cli = Cli::parse();
    let (said, rules) = pipeline.take_said();
    let mut config = cli.options.config();
    config.absorb(said);
    let command = cli.command.unwrap_or(Command::Run);
    match execute(command, pipeline, &config, rules) {
        Ok(code) => code,
        Err(error) => {
            let code = exit_code(error.kind());
            match error.kind() {
                ErrorKind::Watchdog { .. } => say_aside("restart", &error),
                _ => say_error(&error),
            }
            ExitCode::from(code)
        }
    }
}

fn exit_code(kind: &ErrorKind) -> u8 {
    match kind {
        ErrorKind::Configuration => CONFIGURATION,
        ErrorKind::CommitTimeout | ErrorKind::Watchdog { .. } => RESTART,
        _ => FAILED,
    }
}

fn execute<G: Graph>(
    command: Command,
    pipeline: Pipeline<G>,
    config: &Config,
    rules: &[Rule],
) -> Result<ExitCode, Error> {
    let spec = G::spec();
    match command {
        Command::Graph { format } => say(&spec.render(format)),
        Command::Check { offline } => check(spec, config, offline)?,
        Command::Dlq(dlq) => {
            let outcome = dlq.run(spec, config)?;
            say(&outcome.text);
            if !outcome.done {
                return Ok(ExitCode::from(USAGE));
            }
        }
        Command::Offsets { verb } => {
            let settings = config.settle(spec)?;
            let (text, done) = offsets::execute(spec, &settings, verb)?;
            say(&text);
            if !done {
                return Ok(ExitCode::from(USAGE));
            }
        }
        Command::EmitId(asked) => say(&asked.answer(spec, || config.settle(spec))?),
        Command::Replay(again) => return again.run(pipeline),
        Command::Explain { code, json } => match explain(rules, code.as_deref(), json) {
            Ok(text) => say(&text),
            Err(unknown) => {
                say_error(&unknown);
                return Ok(ExitCode::from(USAGE));
            }
        },
        Command::Run => {
            let settings = config.settle(spec)?;
            let tracer = settings.spans.as_ref();
            let tracer = tracer.map(|spans| Tracer::start(spans, spec.name));
            let tracer = tracer.transpose()?;
            telemetry::start(&settings.logs, tracer.as_ref());
            let pipeline = pipeline.config(config.clone()).tracer(tracer.clone());
            let outcome = run(pipeline, settings.watchdogs.got_error);
            if let Some(tracer) = tracer {
                tracer.end();
            }
            let report = outcome?;
            let again = match report.passed_over {
                0 => String::new(),
                count => format!(", {count} passed over that were finished before"),
            };
            say(&format!(
                "`{}` ended in order: {} records finished, {} skipped, {} dead-lettered, {} commits{again}\n",
                spec.name, report.finished, report.skipped, report.dead_lettered, report.commits
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn run<G: Graph>(pipeline: Pipeline<G>, ends_with_it: bool) -> Result<Report, Error> {
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let handle = pipeline.handle();
        let stop = tokio::spawn(async move {
            let asked = signals::asked_to_end().await;
            handle.stop();
            asked
        });
        let outcome = pipeline.run().await;
        if let Err(error) = &outcome
            && !ends_with_it
            && exit_code(error.kind()) == FAILED
        {
            tracing::error!(
                %error,
                "the pipeline has failed; the program stays until it gets a signal, since `auto_shutdown_got_error` is false"
            );
        } else {
            // Still waiting for a signal that never came, as a rule.
            stop.abort();
        }
        match stop.await {
            Ok(Err(error)) => outcome.and(Err(error)),
            _ => outcome,
        }
    });
    // A stage that hangs must not keep the process.
    runtime.shutdown_background();
    outcome
}

/// The runtime on which asynchronous stages wait.
pub(super) fn runtime() -> Result<Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Error::new(ErrorKind::Internal, format!("no Tokio runtime: {error}")))
}

fn check(spec: &'static Spec, config: &Config, offline: bool) -> Result<(), Error> {
    let settings = config.settle(spec)?;
    say(&format!(
        "configuration: in order\n  group     {}\n  interval  {}\n",
        if settings.group.is_empty() {
            "none"
        } else {
            &settings.group
        },
        humantime::format_duration(settings.interval)
    ));
    refuse_letters_to_itself(spec, &settings.group)?;
    let topics = spec.topics(&settings.group);
    let letters = spec.dead_letter_topics(&settings.group);
    if let Some(dedupe) = &settings.dedupe {
        if !offline {
            // Opened and closed again, so that what is wrong with it is said.
            drop(store::open(dedupe, settings.connect_timeout)?);
        }
        say(&format!("  dedupe    {}\n", dedupe.target));
    }
    if settings.watchdogs.is_watching() {
        say(&format!("  watchdogs {}\n", settings.watchdogs));
    }
    for target in &settings.failures.targets {
        say(&format!("  failures  {target}\n"));
    }
    for topic in spec.circular_topics() {
        say(&format!(
            "  warning   `{topic}` is read and written: see that its records do not go round for ever\n"
        ));
    }
    if !offline {
        Reader::open_all(spec)?;
        for (_, node) in spec.read_files() {
            say(&format!("  file      {}\n", node.path));
        }
    }
    if offline || topics.is_empty() {
        return Ok(());
    }
    let checked = check_topics(&settings.producer, &topics, settings.connect_timeout)?;
    for (topic, partitions) in checked.topics {
        let what = match letters.iter().any(|letters| *letters == topic) {
            true => ", for dead letters",
            false => "",
        };
        say(&format!(
            "  topic     {topic}: {partitions} partitions{what}\n"
        ));
    }
    say(&offsets::beginnings(spec, &settings)?);
    Ok(())
}

impl Options {
    fn config(&self) -> Config {
        let mut config = Config::from_surroundings(self.config.clone()).of_a_program();
        let mut set = |key: &str, value: &Option<String>| {
            if let Some(value) = value {
                config.set_from_command_line(key, value.clone());
            }
        };
        set("kafka.bootstrap.servers", &self.brokers);
        set("group", &self.group);
        set("interval", &self.interval);
        set("dedupe", &self.dedupe);
        set("http", &self.http);
        set("failures", &self.failures);
        set(
            "from_beginning",
            &self.from_beginning.then(|| "true".to_owned()),
        );
        set("until_end", &self.until_end.then(|| "true".to_owned()));
        for property in &self.kafka {
            let (name, value) = property.split_once('=').unwrap_or((property, ""));
            config.set_from_command_line(&format!("kafka.{name}"), value);
        }
        config
    }
}

/// A closed pipe is the reader's choice, not a failure of the pipeline.
pub(super) fn say(text: &str) {
    use std::io::Write as _;
    let _closed = std::io::stdout().write_all(text.as_bytes());
}

pub(super) fn say_error(error: &impl Display) {
    say_aside("error", error);
}

/// A line beside what was asked for.
fn say_aside(what: &str, why: &impl Display) {
    use std::io::Write as _;
    let _closed = writeln!(std::io::stderr(), "{what}: {why}");
}
