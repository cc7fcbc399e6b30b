//! A member of `cargo xtask chaos`: work of which each record says how long it takes and whether it is refused, noted in a
//! journal and written to a topic. What is made of it is in `chaos/`, which names the same topics.

use std::time::Duration;

use waterhealer::prelude::*;

use crate::append::Journal;

/// What a record asks for.
#[derive(Clone)]
struct Job {
    at: Position,
    number: u64,
    wait: Duration,
    poison: bool,
}

#[pipeline(group = "chaos")]
mod pipeline {
    use super::*;

    #[source(topic = "wh-chaos-in")]
    fn read(record: &Record<'_>) -> Result<Job, Box<dyn std::error::Error + Send + Sync>> {
        let words: Vec<&str> = record.text()?.split(' ').collect();
        let [number, wait, kind] = words[..] else {
            return Err("a record has a number, a time and a kind".into());
        };
        Ok(Job {
            at: record.position(),
            number: number.parse()?,
            wait: Duration::from_millis(wait.parse()?),
            poison: kind == "poison",
        })
    }

    #[map(from = read, concurrency = 256, on_error = skip)]
    async fn work(job: Job, journal: &Journal) -> Result<Job, String> {
        tokio::time::sleep(job.wait).await;
        if job.poison {
            journal.write(&format!("{} {} refused\n", job.at.partition, job.at.offset));
            return Err("it is poisoned".to_owned());
        }
        Ok(job)
    }

    #[sink(from = work)]
    fn note(job: Job, journal: &Journal) {
        journal.write(&format!("{} {} done\n", job.at.partition, job.at.offset));
    }

    #[sink(from = work, topic = "wh-chaos-out")]
    fn publish(job: Job) -> KafkaMessage {
        let Position {
            partition, offset, ..
        } = job.at;
        KafkaMessage::new(format!("{partition} {offset} {}", job.number))
    }
}

/// To be killed, stopped, cut off.
pub(crate) fn start() -> ExitCode {
    pipeline::main(pipeline::Resources {
        journal: Journal::open(),
    })
}
