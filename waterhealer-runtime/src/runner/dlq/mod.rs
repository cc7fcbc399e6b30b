//! The verbs of `dlq`: a person looks at the dead letters of a pipeline, sends them back, removes them. Reading and writing
//! topics is `broker`'s, what a letter says is `letter`'s.

mod ls;
mod purge;
mod replay;
mod show;
mod table;

use std::sync::Arc;

use clap::Subcommand;

use crate::broker::{Found, Shelf, Span, check_topics};
use crate::config::{Config, Settings};
use crate::error::{Error, ErrorKind};
use crate::graph::Spec;
use crate::letter::Said;

/// What to do with dead letters.
#[derive(Debug, Subcommand)]
pub(crate) enum Dlq {
    /// List the dead-letter topics of this pipeline: how many letters, since when, of which stages and errors.
    Ls {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show single letters: why they failed, key, value and headers.
    Show(show::Show),
    /// Send letters back to the topics they came from.
    Replay(replay::Replay),
    /// Remove letters for good.
    Purge(purge::Purge),
}

/// What a verb prints, and whether it did what it was asked to.
pub(crate) struct Outcome {
    pub(super) text: String,
    pub(super) done: bool,
}

impl Dlq {
    /// Does it.
    ///
    /// # Errors
    /// When the configuration is wrong, or the brokers do not answer.
    pub(super) fn run(&self, spec: &'static Spec, config: &Config) -> Result<Outcome, Error> {
        let settings = config.settle(spec)?;
        let desk = Desk::open(spec, settings)?;
        let text = match self {
            Dlq::Ls { json } => ls::ls(&desk, *json)?,
            Dlq::Show(show) => show.run(&desk)?,
            Dlq::Replay(replay) => replay.run(&desk)?,
            Dlq::Purge(purge) => return purge.run(&desk),
        };
        Ok(Outcome { text, done: true })
    }
}

/// The dead-letter topics of one pipeline.
struct Desk {
    settings: Settings,
    shelf: Shelf,
    topics: Vec<Topic>,
}

/// A dead-letter topic and what is in its partitions.
struct Topic {
    name: Arc<str>,
    spans: Vec<Span>,
}

impl Desk {
    fn open(spec: &'static Spec, settings: Settings) -> Result<Desk, Error> {
        let names = spec.dead_letter_topics(&settings.group);
        if names.is_empty() {
            return Err(refused(format!(
                "`{}` sends no dead letters: a node does that with `on_error = dead_letter`",
                spec.name
            )));
        }
        let found = check_topics(&settings.producer, &names, settings.connect_timeout)?;
        let group = format!("{}.dlq-replay", settings.group);
        let shelf = Shelf::connect(&settings.consumer, &group, settings.connect_timeout)?;
        let topics = found.topics.into_iter().map(|(name, partitions)| {
            let spans = shelf.spans(&name, partitions)?;
            Ok(Topic {
                name: Arc::from(name),
                spans,
            })
        });
        let topics = topics.collect::<Result<_, Error>>()?;
        Ok(Desk {
            settings,
            shelf,
            topics,
        })
    }

    /// The topic of this name, or all of them.
    fn topics(&self, name: Option<&str>) -> Result<Vec<&Topic>, Error> {
        let named = self.topics.iter();
        let found: Vec<&Topic> = named
            .filter(|topic| name.is_none_or(|name| *topic.name == *name))
            .collect();
        match (found.is_empty(), name) {
            (true, Some(name)) => Err(refused(format!(
                "this pipeline sends no dead letters to `{name}`: it sends them to {}",
                self.names()
            ))),
            _ => Ok(found),
        }
    }

    fn names(&self) -> String {
        let names = self.topics.iter().map(|topic| format!("`{}`", topic.name));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Whether a letter is of this group: a topic that is named may be shared by several.
    fn is_ours(&self, said: &Said) -> bool {
        let group = &self.settings.group;
        said.group.as_ref().is_none_or(|said| said == group)
    }
}

/// Letters picked by what they say.
#[derive(Debug, Clone)]
struct Filter {
    name: String,
    value: String,
}

/// What can be picked by.
const PICKED_BY: &str =
    "`stage`, `class`, `message` (a part of it), `topic` (where it came from) or `emit_id`";

impl std::str::FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name @ ("stage" | "class" | "message" | "topic" | "emit_id"), value)) => {
                Ok(Filter {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
            }
            _ => Err(format!(
                "letters are picked by {PICKED_BY}, as in `stage=price`"
            )),
        }
    }
}

impl Filter {
    fn takes(&self, said: &Said) -> bool {
        let is = |text: &Option<String>| text.as_ref() == Some(&self.value);
        match self.name.as_str() {
            "stage" => is(&said.stage),
            "class" => is(&said.class),
            "topic" => is(&said.topic),
            "emit_id" => is(&said.emit_id),
            _ => {
                let message = said.message.as_deref().unwrap_or_default();
                message.contains(&self.value)
            }
        }
    }
}

fn said(found: &Found) -> Said {
    Said::of(&found.headers)
}

/// It was asked for something that cannot be done.
fn refused(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, why)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    Ok(text + "\n")
}
