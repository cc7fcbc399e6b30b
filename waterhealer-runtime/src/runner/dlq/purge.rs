//! `dlq purge`: removes letters for good. Nothing is removed without `--yes`; what would be is said either way.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::{Desk, Outcome, Topic, json, refused};
use crate::error::Error;

/// Which letters to remove.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["all", "before"]))]
pub(crate) struct Purge {
    /// The dead-letter topic, where there are several.
    #[arg(long)]
    topic: Option<String>,
    /// Of this partition of it alone.
    #[arg(long)]
    partition: Option<i32>,
    /// Those before this offset.
    #[arg(long)]
    before: Option<i64>,
    /// All there are now.
    #[arg(long)]
    all: bool,
    /// Do it: they cannot be brought back.
    #[arg(long)]
    yes: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What goes of one partition.
#[derive(Debug, Serialize)]
struct Going<'a> {
    topic: &'a str,
    partition: i32,
    before: i64,
    letters: u64,
    /// Letters among them that have not gone back to where they came from.
    not_replayed: u64,
    removed: bool,
}

impl Purge {
    pub(super) fn run(&self, desk: &Desk) -> Result<Outcome, Error> {
        let topics = desk.topics(self.topic.as_deref())?;
        let [topic] = topics.as_slice() else {
            let why = format!("say of which topic, with `--topic`: {}", desk.names());
            return Err(refused(why));
        };
        let going = self.count(desk, topic)?;
        let what: Vec<(i32, i64)> = going
            .iter()
            .filter(|going| going.letters > 0)
            .map(|going| (going.partition, going.before))
            .collect();
        if self.yes && !what.is_empty() {
            desk.shelf.remove(&topic.name, &what)?;
        }
        let text = match self.json {
            true => json(&going)?,
            false => self.print(topic, &going),
        };
        Ok(Outcome {
            text,
            done: self.yes,
        })
    }

    fn count<'a>(&self, desk: &Desk, topic: &'a Topic) -> Result<Vec<Going<'a>>, Error> {
        let asked = |partition: i32| self.partition.is_none_or(|asked| asked == partition);
        let spans: Vec<_> = topic
            .spans
            .iter()
            .filter(|span| asked(span.partition))
            .collect();
        if spans.is_empty() {
            let count = topic.spans.len();
            return Err(refused(format!(
                "`{}` has {count} partitions, counted from 0",
                topic.name
            )));
        }
        if self.before.is_some() && spans.len() > 1 {
            return Err(refused(format!(
                "an offset is one of a partition, and `{}` has {} of them: say which with `--partition`",
                topic.name,
                spans.len()
            )));
        }
        let mut going = Vec::new();
        for span in spans {
            let before = self.before.unwrap_or(span.high).clamp(span.low, span.high);
            let cursor = desk.shelf.replayed(&topic.name, span.partition)?;
            let (mut letters, mut not_replayed) = (0, 0);
            let until = super::Span {
                high: before,
                ..*span
            };
            desk.shelf.read(&topic.name, until, span.low, |found| {
                letters += 1;
                not_replayed += u64::from(!cursor.has(found.position.offset));
                Ok(true)
            })?;
            going.push(Going {
                topic: &topic.name,
                partition: span.partition,
                before,
                letters,
                not_replayed,
                removed: self.yes && letters > 0,
            });
        }
        Ok(going)
    }

    fn print(&self, topic: &Topic, going: &[Going<'_>]) -> String {
        let mut text = String::new();
        let verb = match self.yes {
            true => "removed",
            false => "would be removed",
        };
        for one in going.iter().filter(|going| going.letters > 0) {
            let _infallible = writeln!(
                text,
                "{}[{}]: {} dead letters before offset {} {verb}, {} of them never replayed",
                one.topic, one.partition, one.letters, one.before, one.not_replayed
            );
        }
        if text.is_empty() {
            return format!("{}: there is nothing to remove\n", topic.name);
        }
        if !self.yes {
            text.push_str(
                "nothing was removed: say `--yes` to do it, and they are gone for good\n",
            );
        }
        text
    }
}
