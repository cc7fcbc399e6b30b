//! `dlq show`: single letters, readable.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::table::{Shown, line};
use super::{Desk, Filter, json, refused, said};
use crate::broker::Found;
use crate::error::Error;
use crate::letter::Said;

/// Which letters to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The dead-letter topic, where there are several.
    #[arg(long)]
    topic: Option<String>,
    /// Of this partition of it.
    #[arg(long)]
    partition: Option<i32>,
    /// From this offset on; with a partition and without a limit, this one alone.
    #[arg(long, requires = "partition")]
    offset: Option<i64>,
    /// So many at most; 10 unless said.
    #[arg(long)]
    limit: Option<usize>,
    /// Those that say so: stage=…, class=…, message=…, topic=…, emit_id=…
    #[arg(long, value_name = "NAME=VALUE")]
    filter: Vec<Filter>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A letter for a machine.
#[derive(Debug, Serialize)]
struct Letter<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    timestamp: Option<i64>,
    said: Said,
    key: Option<Shown>,
    value: Option<Shown>,
    headers: Vec<(&'a str, Option<Shown>)>,
}

impl Show {
    pub(super) fn run(&self, desk: &Desk) -> Result<String, Error> {
        let topics = desk.topics(self.topic.as_deref())?;
        if self.partition.is_some() && topics.len() > 1 {
            let why = format!(
                "a partition is one of a topic: say which with `--topic`, of {}",
                desk.names()
            );
            return Err(refused(why));
        }
        let limit = self.limit.unwrap_or(match self.offset {
            Some(_) => 1,
            None => 10,
        });
        let mut letters: Vec<Found> = Vec::new();
        for topic in topics {
            for span in &topic.spans {
                if self
                    .partition
                    .is_some_and(|partition| partition != span.partition)
                {
                    continue;
                }
                let from = self.offset.unwrap_or(span.low);
                desk.shelf.read(&topic.name, *span, from, |found| {
                    if letters.len() >= limit {
                        return Ok(false);
                    }
                    let said = said(&found);
                    if self.filter.iter().all(|filter| filter.takes(&said)) {
                        letters.push(found);
                    }
                    Ok(letters.len() < limit)
                })?;
            }
        }
        if self.json {
            return json(&letters.iter().map(letter).collect::<Vec<_>>());
        }
        if letters.is_empty() {
            return Ok("no such dead letter\n".to_owned());
        }
        Ok(letters.iter().map(print).collect::<Vec<_>>().join("\n"))
    }
}

fn letter(found: &Found) -> Letter<'_> {
    let shown = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(Shown::of);
    let headers = found.headers.iter();
    Letter {
        topic: &found.position.topic,
        partition: found.position.partition,
        offset: found.position.offset,
        timestamp: found.timestamp,
        said: said(found),
        key: shown(&found.key),
        value: shown(&found.value),
        headers: headers
            .map(|(name, value)| (name.as_str(), shown(value)))
            .collect(),
    }
}

fn print(found: &Found) -> String {
    let said = said(found);
    let mut text = format!("{}\n", found.position);
    let mut row = |name: &str, value: String| {
        let _infallible = writeln!(text, "  {name:<9} {value}");
    };
    let known = |text: Option<String>| text.unwrap_or_else(|| "?".to_owned());
    let number = |number: Option<i64>| number.map_or("?".to_owned(), |number| number.to_string());
    row(
        "from",
        format!(
            "{}[{}]@{}",
            known(said.topic),
            number(said.partition.map(i64::from)),
            number(said.offset)
        ),
    );
    row("emit id", known(said.emit_id));
    row("stage", known(said.stage));
    row(
        "error",
        format!("{}: {}", known(said.class), known(said.message)),
    );
    row("failed at", known(said.failed_at));
    row("key", line(found.key.as_deref()));
    row("value", line(found.value.as_deref()));
    for (name, value) in &found.headers {
        row("header", format!("{name}: {}", line(value.as_deref())));
    }
    text
}
