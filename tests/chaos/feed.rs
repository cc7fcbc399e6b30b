//! The producer: writes numbered records into the input topic for as long as the run lasts, past the proxy. Most are quick
//! work, a few are slow, a few are poisoned; the seed decides which.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;

use crate::random::Random;
use crate::{Error, INPUT, PARTITIONS};

/// Of so many records one is slow.
const SLOW: u64 = 300;

/// Of so many records one is poisoned.
const POISONED: u64 = 211;

/// Between two portions.
const TICK: Duration = Duration::from_millis(20);

/// Somebody who writes records all the time.
pub(crate) struct Feed {
    enough: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Feed {
    /// Writes so many records a second.
    pub(crate) fn start(brokers: &str, rate: u64, seed: u64) -> Result<Feed, Error> {
        let refused = Arc::new(AtomicUsize::new(0));
        let producer: ThreadedProducer<Refused> = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("enable.idempotence", "true")
            .set("linger.ms", "5")
            // A broker that is away comes back.
            .set("message.timeout.ms", "0")
            .create_with_context(Refused(Arc::clone(&refused)))?;
        let enough = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&enough);
        let thread = std::thread::spawn(move || {
            write(&producer, rate, seed, &until)?;
            producer.flush(Duration::from_secs(60))?;
            match refused.load(Ordering::Acquire) {
                0 => Ok(()),
                some => Err(format!("the broker refused {some} records of the producer").into()),
            }
        });
        Ok(Feed { enough, thread })
    }

    /// Ends it, and waits until the broker has all.
    pub(crate) fn stop(self) -> Result<(), Error> {
        self.enough.store(true, Ordering::Release);
        self.thread.join().map_err(|_| "the producer panicked")?
    }
}

fn write(
    producer: &ThreadedProducer<Refused>,
    rate: u64,
    seed: u64,
    until: &AtomicBool,
) -> Result<(), Error> {
    let mut random = Random::new(seed ^ 0xfeed);
    let start = Instant::now();
    let mut number = 0;
    while !until.load(Ordering::Acquire) {
        let due = start.elapsed().as_millis() as u64 * rate / 1_000;
        while number < due && !until.load(Ordering::Acquire) {
            let value = value(number, &mut random);
            let key = format!("key {}", number % 97);
            let partition = i32::try_from(number % PARTITIONS as u64)?;
            let mut record = BaseRecord::to(INPUT)
                .partition(partition)
                .key(&key)
                .payload(&value);
            while let Err((error, same)) = producer.send(record) {
                let full = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
                if error != full {
                    return Err(error.into());
                }
                record = same;
                std::thread::sleep(TICK);
            }
            number += 1;
        }
        std::thread::sleep(TICK);
    }
    Ok(())
}

/// Its number, how many milliseconds of work it is, and what it is.
fn value(number: u64, random: &mut Random) -> String {
    let wait = match random.below(SLOW) {
        0 => 300 + random.below(1_700),
        _ => random.below(20),
    };
    let kind = if random.below(POISONED) == 0 {
        "poison"
    } else {
        "food"
    };
    format!("{number} {wait} {kind}")
}

/// Counts what the broker does not take.
struct Refused(Arc<AtomicUsize>);

impl ClientContext for Refused {}

impl ProducerContext for Refused {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.0
            .fetch_add(usize::from(result.is_err()), Ordering::AcqRel);
    }
}
