//! `emit-id`: which record an emit id names, and which emit id a record has.

use clap::Args;
use serde::Serialize;

use crate::broker::cluster_id;
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::graph::Spec;
use crate::types::EmitId;

/// What is asked.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// An emit id; or a topic (of a source of lines, its file), a partition and an offset.
    #[arg(num_args = 1..=3, required = true, value_names = ["EMIT_ID | TOPIC", "PARTITION", "OFFSET"])]
    what: Vec<String>,
    /// The id of the cluster, in place of asking its brokers.
    #[arg(long)]
    cluster: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A record and its emit id.
#[derive(Debug, Serialize)]
struct Answer {
    emit_id: EmitId,
    /// `None` if it is none of the pipeline's.
    topic: Option<String>,
    partition: i32,
    offset: i64,
    /// Empty where the brokers give none, and of files.
    cluster: String,
}

/// What an emit id has room for.
const PARTITIONS: i32 = 1 << 22;
const OFFSETS: i64 = 1 << 52;

impl Asked {
    /// The answer as text. The settings are looked at only where the brokers are to be asked.
    ///
    /// # Errors
    /// What is no emit id and no record, a wrong configuration, or brokers that do not answer.
    pub(super) fn answer(
        &self,
        spec: &Spec,
        settings: impl FnOnce() -> Result<Settings, Error>,
    ) -> Result<String, Error> {
        let cluster = || match &self.cluster {
            Some(cluster) => Ok(cluster.clone()),
            None if !spec.uses_kafka() => Ok(String::new()),
            None => {
                let settings = settings()?;
                cluster_id(&settings.producer, settings.connect_timeout)
            }
        };
        let answer = match self.what.as_slice() {
            [id] => decoded(spec, id, cluster)?,
            [topic, partition, offset] => encoded(spec, topic, partition, offset, cluster)?,
            _ => {
                return Err(refused(
                    "a record is named by its topic, its partition and its offset: `emit-id orders 3 1042`".to_owned(),
                ));
            }
        };
        match self.json {
            true => {
                let text = serde_json::to_string_pretty(&answer);
                let text =
                    text.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
                Ok(text + "\n")
            }
            false => Ok(print(&answer, spec)),
        }
    }
}

fn decoded(
    spec: &Spec,
    id: &str,
    cluster: impl FnOnce() -> Result<String, Error>,
) -> Result<Answer, Error> {
    let emit_id: EmitId = id.parse().map_err(|error| refused(format!("{error}")))?;
    let file = spec.read_files().map(|(_, node)| node.path);
    let file = file.into_iter().find(|path| emit_id.is_of("", path));
    let (topic, cluster) = match file {
        Some(path) => (Some(path), String::new()),
        None => {
            let cluster = cluster()?;
            let topics = spec.read_topics().map(|(topic, _)| topic);
            let mut topics = topics.chain(spec.written_topics());
            (topics.find(|topic| emit_id.is_of(&cluster, topic)), cluster)
        }
    };
    Ok(Answer {
        emit_id,
        topic: topic.map(str::to_owned),
        partition: emit_id.partition(),
        offset: emit_id.offset(),
        cluster,
    })
}

fn encoded(
    spec: &Spec,
    topic: &str,
    partition: &str,
    offset: &str,
    cluster: impl FnOnce() -> Result<String, Error>,
) -> Result<Answer, Error> {
    let below = |limit: i64, what: &str, text: &str| {
        let number = text.parse::<i64>().ok();
        number
            .filter(|number| (0..limit).contains(number))
            .ok_or_else(|| {
                refused(format!(
                    "`{text}` is no {what}: a number from 0 to {}",
                    limit - 1
                ))
            })
    };
    let partition = below(i64::from(PARTITIONS), "partition", partition)? as i32;
    let offset = below(OFFSETS, "offset", offset)?;
    let is_file = spec.read_files().any(|(_, node)| node.path == topic);
    let cluster = match is_file {
        true => String::new(),
        false => cluster()?,
    };
    Ok(Answer {
        emit_id: EmitId::new(&cluster, topic, partition, offset),
        topic: Some(topic.to_owned()),
        partition,
        offset,
        cluster,
    })
}

fn print(answer: &Answer, spec: &Spec) -> String {
    let Answer {
        emit_id,
        topic,
        partition,
        offset,
        cluster,
    } = answer;
    let topic = topic.clone().unwrap_or_else(|| {
        format!(
            "? (none that `{}` reads or writes in this cluster; a value sent in by hand has none)",
            spec.name
        )
    });
    let cluster = match cluster.as_str() {
        "" => "(none)",
        cluster => cluster,
    };
    format!(
        "{emit_id}\n  topic      {topic}\n  partition  {partition}\n  offset     {offset}\n  cluster    {cluster}\n"
    )
}

fn refused(why: String) -> Error {
    Error::new(ErrorKind::Configuration, why)
}
