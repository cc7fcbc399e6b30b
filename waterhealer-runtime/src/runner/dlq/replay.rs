//! `dlq replay`: letters go back to where they came from, as they were, and what has gone is remembered, so that a second
//! replay sends only what is new.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::mpsc::{Receiver, sync_channel};

use clap::Args;
use serde::Serialize;

use super::{Desk, Filter, Topic, json, said};
use crate::broker::{Found, Producer, Reports, SendError, Span, check_topics};
use crate::error::{Error, ErrorKind, Failure};
use crate::letter::{Cursor, replayed, stripped};
use crate::types::MessageParts;

/// Letters that are on their way at once; then what has gone is remembered.
const BATCH: usize = 500;

/// Which letters go back.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Of this dead-letter topic alone.
    #[arg(long)]
    topic: Option<String>,
    /// To this topic, in place of the one that each came from.
    #[arg(long, value_name = "TOPIC")]
    to: Option<String>,
    /// So many at most.
    #[arg(long)]
    limit: Option<usize>,
    /// Those that say so: stage=…, class=…, message=…, topic=…, emit_id=…
    #[arg(long, value_name = "NAME=VALUE")]
    filter: Vec<Filter>,
    /// Those that have gone back before as well.
    #[arg(long)]
    again: bool,
    /// Only say what would go.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What has come of it.
#[derive(Debug, Default, Serialize)]
struct Counts {
    dry_run: bool,
    /// Letters that went, by the topic they went to.
    replayed: BTreeMap<String, u64>,
    /// Those that went before.
    replayed_before: u64,
    /// Those that were not asked for.
    filtered: u64,
    /// Those of other groups.
    of_others: u64,
    /// Those that do not say where they came from.
    without_origin: u64,
}

/// A letter and where it goes.
struct Going {
    offset: i64,
    to: String,
    parts: MessageParts,
}

impl Replay {
    pub(super) fn run(&self, desk: &Desk) -> Result<String, Error> {
        let mut sender = match self.dry_run {
            true => None,
            false => Some(Sender::start(desk)?),
        };
        let mut counts = Counts {
            dry_run: self.dry_run,
            ..Counts::default()
        };
        let mut left = self.limit.unwrap_or(usize::MAX);
        for topic in desk.topics(self.topic.as_deref())? {
            for span in &topic.spans {
                self.partition(desk, topic, *span, sender.as_mut(), &mut left, &mut counts)?;
            }
        }
        match self.json {
            true => json(&counts),
            false => Ok(print(&counts)),
        }
    }

    /// Sends the letters of one partition back, batch by batch. It ends where the partition ended when this began: what
    /// fails again comes in behind that.
    fn partition(
        &self,
        desk: &Desk,
        topic: &Topic,
        span: Span,
        mut sender: Option<&mut Sender>,
        left: &mut usize,
        counts: &mut Counts,
    ) -> Result<(), Error> {
        let mut cursor = desk.shelf.replayed(&topic.name, span.partition)?;
        let from = match self.again {
            true => span.low,
            false => cursor.next(),
        };
        if !self.again {
            counts.replayed_before +=
                u64::try_from(from.clamp(span.low, span.high) - span.low).unwrap_or(0);
        }
        let mut batch = Vec::new();
        // The first letter that stays.
        let mut kept = None;
        let mut end = from.max(span.low);
        desk.shelf.read(&topic.name, span, from, |found| {
            let offset = found.position.offset;
            if !self.again && cursor.has(offset) {
                counts.replayed_before += 1;
            } else if *left == 0 {
                kept = kept.or(Some(offset));
                return Ok(false);
            } else if let Some(going) = self.going(desk, &found, counts) {
                *left -= 1;
                batch.push(going);
            } else {
                kept = kept.or(Some(offset));
            }
            end = offset + 1;
            if batch.len() >= BATCH {
                self.send(
                    desk,
                    topic,
                    span,
                    &mut batch,
                    sender.as_deref_mut(),
                    &mut cursor,
                    (kept, end),
                    counts,
                )?;
            }
            Ok(true)
        })?;
        // Behind the last letter there may be offsets that are nobody's.
        let end = match *left {
            0 => end,
            _ => span.high,
        };
        self.send(
            desk,
            topic,
            span,
            &mut batch,
            sender,
            &mut cursor,
            (kept, end),
            counts,
        )
    }

    /// A letter as it goes back; `None` if it stays.
    fn going(&self, desk: &Desk, found: &Found, counts: &mut Counts) -> Option<Going> {
        let said = said(found);
        if !desk.is_ours(&said) {
            counts.of_others += 1;
            return None;
        }
        if !self.filter.iter().all(|filter| filter.takes(&said)) {
            counts.filtered += 1;
            return None;
        }
        // What was given by hand or read from a file has none that a topic could be called.
        let Some(origin) = said.topic.filter(|topic| is_topic(topic)) else {
            counts.without_origin += 1;
            return None;
        };
        let mut headers = stripped(&found.headers);
        headers.extend(replayed(&found.position));
        Some(Going {
            offset: found.position.offset,
            // Where it came from its partition is known, and others of its key are there.
            parts: MessageParts {
                partition: said.partition.filter(|_| self.to.is_none()),
                value: found.value.clone(),
                key: found.key.clone(),
                headers,
                timestamp: found.timestamp,
            },
            to: self.to.clone().unwrap_or(origin),
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one step of a walk, with all that the walk knows"
    )]
    fn send(
        &self,
        desk: &Desk,
        topic: &Topic,
        span: Span,
        batch: &mut Vec<Going>,
        sender: Option<&mut Sender>,
        cursor: &mut Cursor,
        (kept, end): (Option<i64>, i64),
        counts: &mut Counts,
    ) -> Result<(), Error> {
        let batch = std::mem::take(batch);
        let gone: Vec<i64> = batch.iter().map(|going| going.offset).collect();
        let mut after = cursor.clone();
        after.note(&gone, kept, end);
        if after.metadata().is_none() {
            return Err(Error::new(
                ErrorKind::Commit,
                format!(
                    "`{}`[{}] stops before offset {}: the letters that were picked out are so scattered that no commit has room \
                     to remember them. Replay all of the older ones first, without `--filter`, or purge them",
                    topic.name,
                    span.partition,
                    gone.first().copied().unwrap_or(end)
                ),
            ));
        }
        for going in &batch {
            *counts.replayed.entry(going.to.clone()).or_default() += 1;
        }
        let Some(sender) = sender else {
            return Ok(());
        };
        sender.send(desk, batch)?;
        if after != *cursor {
            *cursor = after;
            desk.shelf.remember(&topic.name, span.partition, cursor)?;
        }
        Ok(())
    }
}

/// Writes letters and waits for the broker to have them.
struct Sender {
    producer: Producer,
    answers: Receiver<Result<(), Failure>>,
    /// Topics that exist, with the number of their partitions.
    known: BTreeMap<String, usize>,
}

impl Sender {
    fn start(desk: &Desk) -> Result<Sender, Error> {
        // Room for all answers that can come, so that the client's thread never waits.
        let (tell, answers) = sync_channel(BATCH);
        let producer = Producer::start(
            &desk.settings.producer,
            Reports::Each(Box::new(move |_, outcome| {
                // Nobody listens once an earlier one has failed.
                let _ended = tell.send(outcome);
            })),
        )?;
        Ok(Sender {
            producer,
            answers,
            known: BTreeMap::new(),
        })
    }

    fn send(&mut self, desk: &Desk, batch: Vec<Going>) -> Result<(), Error> {
        let count = batch.len();
        for mut going in batch {
            let partitions = self.partitions(desk, &going.to)?;
            // The topic may have been made anew with fewer.
            let exists = |partition: &i32| {
                usize::try_from(*partition).is_ok_and(|partition| partition < partitions)
            };
            going.parts.partition = going.parts.partition.filter(exists);
            loop {
                match self.producer.send(0, &going.to, &going.parts) {
                    Ok(()) => break,
                    Err(SendError::Full) => std::thread::sleep(std::time::Duration::from_millis(5)),
                    Err(SendError::Refused(why)) => return Err(Error::broker(why)),
                }
            }
        }
        for _ in 0..count {
            let answer = self.answers.recv();
            let answer =
                answer.map_err(|_| Error::new(ErrorKind::Internal, "the producer ended early"))?;
            answer.map_err(|failure| {
                Error::broker(format!(
                    "{failure}. What went in the last {count} letters is not remembered: a second replay sends them again"
                ))
            })?;
        }
        Ok(())
    }

    fn partitions(&mut self, desk: &Desk, topic: &str) -> Result<usize, Error> {
        if let Some(known) = self.known.get(topic) {
            return Ok(*known);
        }
        let settings = &desk.settings;
        let found = check_topics(&settings.producer, &[topic], settings.connect_timeout)?;
        let partitions = found
            .topics
            .first()
            .map_or(0, |(_, partitions)| *partitions);
        self.known.insert(topic.to_owned(), partitions);
        Ok(partitions)
    }
}

fn is_topic(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn print(counts: &Counts) -> String {
    let mut text = String::new();
    let verb = match counts.dry_run {
        true => "would go back to",
        false => "went back to",
    };
    for (topic, letters) in &counts.replayed {
        let _infallible = writeln!(text, "{letters} dead letters {verb} `{topic}`");
    }
    if counts.replayed.is_empty() {
        text.push_str("no dead letter goes back\n");
    }
    for (count, why) in [
        (
            counts.replayed_before,
            "went back before: `--again` sends them once more",
        ),
        (counts.filtered, "were not asked for"),
        (counts.of_others, "are of other groups"),
        (counts.without_origin, "do not say where they came from"),
    ] {
        if count > 0 {
            let _infallible = writeln!(text, "{count} {why}");
        }
    }
    text
}
