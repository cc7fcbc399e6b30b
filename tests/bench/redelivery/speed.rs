//! What a mode costs: records a second, first record to everything committed, through source → map → filter → sink or from
//! topic to topic.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

use waterhealer::prelude::*;

use crate::modes::{Course, Mode};
use crate::output;
use crate::stopwatch::{self, Run, run};
use crate::topic::{self, Topic};
use crate::{Error, Options, settings};

fn number(record: &Record<'_>) -> u64 {
    stopwatch::first();
    let value = record.value().unwrap_or_default();
    value.iter().take(10).fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}

#[pipeline(group = "waterhealer-redelivery", interval = "1s")]
mod chain {
    use super::*;

    #[source(topic = "waterhealer-redelivery-speed")]
    fn read(record: &Record<'_>) -> u64 {
        number(record)
    }

    #[map(from = read)]
    fn next(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = next)]
    fn wanted(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = wanted)]
    fn store(number: u64) {
        black_box(number);
    }
}

#[pipeline(group = "waterhealer-redelivery", interval = "1s")]
mod copy {
    use super::*;

    #[source(topic = "waterhealer-redelivery-speed")]
    fn read(record: &Record<'_>) -> Vec<u8> {
        stopwatch::first();
        record.value().unwrap_or_default().to_vec()
    }

    #[sink(from = read, topic = "waterhealer-redelivery-copy")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

#[pipeline(
    group = "waterhealer-redelivery",
    interval = "1s",
    delivery = exactly_once
)]
mod copy_once {
    use super::*;

    #[source(topic = "waterhealer-redelivery-speed")]
    fn read(record: &Record<'_>) -> Vec<u8> {
        stopwatch::first();
        record.value().unwrap_or_default().to_vec()
    }

    #[sink(from = read, topic = "waterhealer-redelivery-copy")]
    fn write(value: Vec<u8>) -> KafkaMessage {
        KafkaMessage::new(value)
    }
}

fn whole(options: &Options) -> Topic {
    Topic {
        name: "waterhealer-redelivery-speed",
        records: options.records,
    }
}

/// Measures it once, in this process.
pub(crate) fn once(options: &Options, mode: &Mode, file: &Path) -> Result<Run, Error> {
    let config = settings(mode, file).brokers(&options.brokers);
    let brokers = &options.brokers;
    match mode.course {
        Course::Chain => run(chain::pipeline(), brokers, config, whole(options)),
        Course::Copy => run(copy::pipeline(), brokers, config, whole(options)),
        Course::CopyOnce => run(copy_once::pipeline(), brokers, config, whole(options)),
    }
}

/// Makes sure that there is something to read, and somewhere to write.
pub(crate) fn prepare(options: &Options) -> Result<(), Error> {
    topic::ensure(&options.brokers, whole(options))?;
    output::ensure(&options.brokers, "waterhealer-redelivery-copy")
}

/// Measures it once, in a process of its own.
pub(crate) fn apart(options: &Options, mode: &Mode) -> Result<Run, Error> {
    // The broker may still be at work on the end of the run before.
    std::thread::sleep(std::time::Duration::from_millis(200));
    let since = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    let folder = std::env::temp_dir().join(format!("waterhealer-redelivery-{since}"));
    std::fs::create_dir_all(&folder)?;
    let output = Command::new(std::env::current_exe()?)
        .args(["--brokers", &options.brokers])
        .args(["--records", &options.records.to_string()])
        .args(["--mode", mode.name, "--speed", "--journal"])
        .arg(folder.join("store"))
        .stderr(Stdio::inherit())
        .output();
    std::fs::remove_dir_all(&folder)?;
    let output = output?;
    if !output.status.success() {
        return Err(format!("{} failed: {}", mode.name, output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
