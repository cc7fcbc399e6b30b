//! `offsets show`, `offsets reset`, and what `check` says of where partitions would begin. Nothing here runs while the
//! pipeline does: offsets are set only while the group has no members.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use serde_json::json;

use super::rows::{Row, aligned};
use crate::broker::{At, Commit, Member, Offsets, Places, check_topics};
use crate::config::Settings;
use crate::done_set::{TopicId, decode, encode};
use crate::error::{Error, ErrorKind};
use crate::flow::{Known, start};
use crate::graph::Spec;
use crate::ledger::Finished;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Show how far the group is in each partition.
    Show {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Set where the group goes on; it must have no members.
    Reset(Reset),
}

#[derive(Args)]
pub(super) struct Reset {
    /// earliest, latest, an offset, a time such as 2026-11-22T10:00:00Z, or how long ago, such as 2h.
    #[arg(long)]
    to: String,
    /// This topic alone.
    #[arg(long)]
    topic: Option<String>,
    /// This partition alone, of each topic.
    #[arg(long)]
    partition: Option<i32>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do it.
    #[arg(long)]
    yes: bool,
}

/// Where `--to` leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Earliest,
    Latest,
    Offset(i64),
    /// Milliseconds since 1970.
    Since(i64),
}

/// Does what was asked for; what is to be printed, and whether it was done.
pub(super) fn execute(
    spec: &Spec,
    settings: &Settings,
    verb: Verb,
) -> Result<(String, bool), Error> {
    let group = Group::ask(spec, settings)?;
    match verb {
        Verb::Show { json } => Ok((group.show(json), true)),
        Verb::Reset(reset) => group.reset(&reset),
    }
}

/// Where each partition would begin, were the pipeline started now.
pub(super) fn beginnings(spec: &Spec, settings: &Settings) -> Result<String, Error> {
    if spec.read_topics().next().is_none() {
        return Ok(String::new());
    }
    Ok(Group::ask(spec, settings)?.beginnings(settings))
}

/// The group and its partitions, as the brokers tell them now.
struct Group {
    name: String,
    offsets: Offsets,
    partitions: Vec<(String, i32)>,
    places: Places,
    members: Vec<Member>,
    patience: Duration,
}

impl Group {
    fn ask(spec: &Spec, settings: &Settings) -> Result<Self, Error> {
        let topics: Vec<&str> = spec.read_topics().map(|(topic, _)| topic).collect();
        if topics.is_empty() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the pipeline reads no topic, so its group has no offsets",
            ));
        }
        let patience = settings.connect_timeout;
        let mut partitions = Vec::new();
        for (topic, count) in check_topics(&settings.producer, &topics, patience)?.topics {
            partitions.extend((0..count as i32).map(|partition| (topic.clone(), partition)));
        }
        let offsets = Offsets::connect(&settings.consumer, &settings.group)?;
        Ok(Group {
            name: settings.group.clone(),
            places: offsets.places(&partitions, patience)?,
            members: offsets.members(patience)?,
            offsets,
            partitions,
            patience,
        })
    }

    fn known<'a>(&'a self, place: &(String, i32)) -> Known<'a> {
        Known {
            committed: self.places.committed.get(place),
            log: self.places.logs.get(place).copied(),
            topic: self.places.topics.get(&place.0),
        }
    }

    fn show(&self, json: bool) -> String {
        let rows: Vec<Row> = self
            .partitions
            .iter()
            .map(|place| self.row(place))
            .collect();
        if json {
            let rows: Vec<_> = rows.iter().map(Row::json).collect();
            let all = json!({ "group": self.name, "partitions": rows });
            return format!("{all:#}\n");
        }
        let mut text = format!("group {}\n", self.name);
        let head = [
            "topic",
            "partition",
            "committed",
            "done above",
            "first",
            "end",
            "lag",
            "metadata",
            "member",
        ];
        let mut lines = vec![head.map(str::to_owned)];
        lines.extend(rows.iter().map(Row::cells));
        text.push_str(&aligned(&lines));
        text
    }

    fn row(&self, place: &(String, i32)) -> Row {
        let known = self.known(place);
        let (metadata, done) = match known.committed {
            None => ("none".to_owned(), None),
            Some(committed) => match decode(&committed.metadata, committed.offset) {
                Ok(None) => ("none".to_owned(), None),
                Ok(Some(found)) => {
                    let of = known.topic.map(|topic| topic.tag());
                    let state = match found.topic {
                        Some(tag) if of.is_some_and(|of| of != tag) => "of a topic that is gone",
                        _ => "in order",
                    };
                    (state.to_owned(), Some(found.finished.len()))
                }
                Err(why) => (why.to_string(), None),
            },
        };
        let member = self
            .members
            .iter()
            .find(|member| member.partitions.contains(place));
        Row {
            topic: place.0.clone(),
            partition: place.1,
            committed: known.committed.map(|committed| committed.offset),
            done,
            first: known.log.map(|log| log.first),
            end: known.log.map(|log| log.end),
            metadata,
            member: member.map(|member| member.name.clone()),
        }
    }

    fn reset(&self, reset: &Reset) -> Result<(String, bool), Error> {
        let to = parse(&reset.to, SystemTime::now()).ok_or_else(|| {
            usage(format!(
                "`--to {}` is none of `earliest`, `latest`, an offset, a time such as `2026-11-22T10:00:00Z`, or how long ago, \
                 such as `2h`",
                reset.to
            ))
        })?;
        let chosen: Vec<(String, i32)> = self
            .partitions
            .iter()
            .filter(|(topic, partition)| {
                reset.topic.as_ref().is_none_or(|wanted| wanted == topic)
                    && reset.partition.is_none_or(|wanted| wanted == *partition)
            })
            .cloned()
            .collect();
        if chosen.is_empty() {
            return Err(usage(
                "the pipeline reads no such partition: see `offsets show`".to_owned(),
            ));
        }
        if !self.members.is_empty() {
            let names: Vec<&str> = self.members.iter().map(|member| &*member.name).collect();
            return Err(Error::new(
                ErrorKind::Commit,
                format!(
                    "the group `{}` has members: {}. They would go on from where they are and commit over it: end them first",
                    self.name,
                    names.join(", ")
                ),
            ));
        }
        let commits = self.targets(&chosen, to)?;
        let mut text = String::new();
        for (place, commit) in chosen.iter().zip(&commits) {
            let row = self.row(place);
            let before = row
                .committed
                .map_or("nothing".to_owned(), |offset| offset.to_string());
            let dropped = match row.done.filter(|done| *done > 0) {
                Some(done) => format!(
                    "; {done} records finished above it are forgotten and done again if they are read"
                ),
                None => String::new(),
            };
            let end = row.end.unwrap_or(commit.offset);
            let _written = writeln!(
                text,
                "{}[{}]: {before} -> {}, {} records to read{dropped}",
                place.0,
                place.1,
                commit.offset,
                end - commit.offset
            );
        }
        if reset.dry_run {
            text.push_str("nothing was changed: this was a dry run\n");
            return Ok((text, true));
        }
        if !reset.yes {
            text.push_str("nothing was changed: say `--yes` to do it\n");
            return Ok((text, false));
        }
        self.offsets.set(&commits)?;
        let _written = writeln!(text, "set for the group `{}`", self.name);
        Ok((text, true))
    }

    fn targets(&self, chosen: &[(String, i32)], to: To) -> Result<Vec<Commit>, Error> {
        let since = match to {
            To::Since(millis) => Some(self.offsets.since(chosen, millis, self.patience)?),
            _ => None,
        };
        let mut commits = Vec::with_capacity(chosen.len());
        for place in chosen {
            let (topic, partition) = (&*place.0, place.1);
            let log = self.places.logs.get(place).ok_or_else(|| {
                Error::broker(format!(
                    "the brokers do not say from where to where {topic}[{partition}] goes"
                ))
            })?;
            let at = since.as_ref().and_then(|since| since.get(place));
            let offset = match (to, at) {
                (To::Earliest, _) => log.first,
                (To::Offset(offset), _) if (log.first..=log.end).contains(&offset) => offset,
                (To::Offset(offset), _) => {
                    return Err(usage(format!(
                        "{topic}[{partition}] goes from {} to {}, and {offset} is outside of it",
                        log.first, log.end
                    )));
                }
                (To::Since(_), Some(At::Offset(offset))) => *offset,
                (To::Latest | To::Since(_), _) => log.end,
            };
            commits.push(Commit {
                topic: topic.into(),
                partition,
                offset,
                metadata: encode(
                    self.places.topics.get(topic).map(TopicId::tag),
                    // Nothing that a dedupe store has noted so far counts any more.
                    None,
                    offset,
                    &Finished::default(),
                ),
            });
        }
        Ok(commits)
    }

    fn beginnings(&self, settings: &Settings) -> String {
        let mut text = String::new();
        for place in &self.partitions {
            let found = start(self.known(place), &settings.starting);
            let committed = self.places.committed.contains_key(place);
            let begins = match found.at {
                Some(At::Offset(offset)) => format!("begins at {offset}, as committed"),
                Some(At::First) if committed => "begins at its first record, by policy".to_owned(),
                Some(At::End) if committed => "begins at its end, by policy".to_owned(),
                Some(At::First) => "begins at its first record: nothing is committed".to_owned(),
                Some(At::End) => "begins at its end: nothing is committed".to_owned(),
                None => "does not begin".to_owned(),
            };
            let passed = match found.finished.len() {
                0 => String::new(),
                count => format!(", passes over {count} finished above it"),
            };
            let _written = writeln!(
                text,
                "  begin     {}[{}]: {begins}{passed}",
                place.0, place.1
            );
            for finding in &found.findings {
                let word = if finding.is_grave() {
                    "error  "
                } else {
                    "warning"
                };
                let _written = writeln!(text, "  {word}   {}[{}]: {finding}", place.0, place.1);
            }
        }
        for member in &self.members {
            let _written = writeln!(text, "  member    {}", member.name);
        }
        text
    }
}

fn parse(text: &str, now: SystemTime) -> Option<To> {
    let since = |time: SystemTime| {
        let millis = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()?
            .as_millis();
        Some(To::Since(i64::try_from(millis).ok()?))
    };
    match text {
        "earliest" => Some(To::Earliest),
        "latest" => Some(To::Latest),
        _ => {
            if let Ok(offset) = text.parse::<i64>() {
                return (offset >= 0).then_some(To::Offset(offset));
            }
            if let Ok(time) = humantime::parse_rfc3339_weak(text) {
                return since(time);
            }
            let ago = humantime::parse_duration(text).ok()?;
            since(now.checked_sub(ago)?)
        }
    }
}

fn usage(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_is_a_word_an_offset_a_time_or_how_long_ago() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000);
        for (text, to) in [
            ("earliest", Some(To::Earliest)),
            ("latest", Some(To::Latest)),
            ("0", Some(To::Offset(0))),
            ("17", Some(To::Offset(17))),
            ("-1", None),
            ("1970-01-01T00:00:05Z", Some(To::Since(5_000))),
            ("1970-01-01 00:00:05", Some(To::Since(5_000))),
            ("1h", Some(To::Since(6_400_000))),
            ("10h", None),
            ("first", None),
        ] {
            assert_eq!(parse(text, now), to, "{text}");
        }
    }
}
