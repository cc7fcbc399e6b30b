//! What is left when a run is over: the topics, read from their beginnings, and the journal. Read as they are; what they
//! say is judged elsewhere.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::history::{Input, Note, Output, Place};
use crate::{Error, INPUT, OUTPUT, OUTPUT_PARTITIONS, PARTITIONS};

/// For an answer of the broker.
const PATIENCE: Duration = Duration::from_secs(10);

/// For transactions of members that were killed, which the broker ends in its own time.
const OPEN_TRANSACTIONS: Duration = Duration::from_secs(90);

/// All records of the input topic; their times count from `epoch`, in milliseconds since 1970.
pub(crate) fn inputs(brokers: &str, epoch: i64) -> Result<Vec<Vec<Input>>, Error> {
    let mut inputs: Vec<Vec<Input>> = vec![Vec::new(); PARTITIONS];
    read(brokers, INPUT, PARTITIONS, |message| {
        let of = &mut inputs[message.partition() as usize];
        if message.offset() != of.len() as i64 {
            return Err("the input topic has holes".into());
        }
        let text = text(message)?;
        let mut words = text.split(' ');
        let number = words.next().ok_or("no number")?.parse()?;
        let millis = message.timestamp().to_millis().ok_or("no time")? - epoch;
        of.push(Input {
            number,
            poison: words.nth(1) == Some("poison"),
            at: Duration::from_millis(u64::try_from(millis).unwrap_or(0)),
        });
        Ok(())
    })?;
    Ok(inputs)
}

/// All records of the output topic that are committed, where they were written in transactions.
pub(crate) fn outputs(brokers: &str) -> Result<Vec<Output>, Error> {
    wait_for_transactions(brokers)?;
    let mut outputs = Vec::new();
    read(brokers, OUTPUT, OUTPUT_PARTITIONS, |message| {
        let text = text(message)?;
        let numbers: Vec<u64> = text.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [partition, offset, number] = numbers[..] else {
            return Err(format!("an output says `{text}`").into());
        };
        outputs.push(Output {
            at: Place {
                partition: message.partition() as usize,
                offset: message.offset() as usize,
            },
            of: Place {
                partition: partition as usize,
                offset: offset as usize,
            },
            number,
        });
        Ok(())
    })?;
    Ok(outputs)
}

/// The lines of the journal: partition, offset, and `done` or `refused`.
pub(crate) fn notes(journal: &Path) -> Result<Vec<Note>, Error> {
    let text = fs::read_to_string(journal)?;
    let mut until = 0;
    let mut notes = Vec::new();
    for line in text.split_inclusive('\n') {
        until += line.len() as u64;
        let words: Vec<&str> = line.trim_end().split(' ').collect();
        let note = match words[..] {
            [partition, offset, what @ ("done" | "refused")] => Note {
                of: Place {
                    partition: partition.parse()?,
                    offset: offset.parse()?,
                },
                refused: what == "refused",
                until,
            },
            _ => return Err(format!("the journal has a line `{line}`").into()),
        };
        notes.push(note);
    }
    Ok(notes)
}

fn text<'m>(message: &'m BorrowedMessage<'_>) -> Result<&'m str, Error> {
    Ok(std::str::from_utf8(message.payload().ok_or("no value")?)?)
}

/// Reads a topic from its beginning to its end.
fn read(
    brokers: &str,
    topic: &str,
    partitions: usize,
    mut each: impl FnMut(&BorrowedMessage<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut config = client(brokers, "read_committed");
    let reader: BaseConsumer = config.set("enable.partition.eof", "true").create()?;
    let mut list = TopicPartitionList::new();
    for partition in 0..partitions {
        list.add_partition_offset(topic, partition as i32, Offset::Beginning)?;
    }
    reader.assign(&list)?;
    let mut open = partitions;
    let mut quiet = Instant::now();
    while open > 0 {
        match reader.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => {
                quiet = Instant::now();
                each(&message)?;
            }
            Some(Err(KafkaError::PartitionEOF(_))) => open -= 1,
            // The client tries again by itself.
            Some(Err(error)) => eprintln!("reading {topic}: {error}"),
            None if quiet.elapsed() > Duration::from_secs(60) => {
                return Err(format!("{topic} cannot be read to its end").into());
            }
            None => {}
        }
    }
    Ok(())
}

/// Waits until no transaction is open any more: what comes after its beginning is hidden until its end.
fn wait_for_transactions(brokers: &str) -> Result<(), Error> {
    let stable: BaseConsumer = client(brokers, "read_committed").create()?;
    let all: BaseConsumer = client(brokers, "read_uncommitted").create()?;
    let until = Instant::now() + OPEN_TRANSACTIONS;
    for partition in 0..OUTPUT_PARTITIONS as i32 {
        while stable.fetch_watermarks(OUTPUT, partition, PATIENCE)?.1
            < all.fetch_watermarks(OUTPUT, partition, PATIENCE)?.1
        {
            if Instant::now() > until {
                return Err(format!("a transaction stays open in partition {partition}").into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    Ok(())
}

fn client(brokers: &str, isolation: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", brokers)
        .set("group.id", "unused, but the client wants one")
        .set("enable.auto.commit", "false")
        .set("isolation.level", isolation);
    config
}
