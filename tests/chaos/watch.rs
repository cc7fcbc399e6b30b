//! The watcher: asks the broker each 20 ms, past the proxy, what the group has committed, and only then how far journal
//! and outputs are. What it has seen is judged later.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::history::Look;
use crate::{Error, GROUP, INPUT, OUTPUT, OUTPUT_PARTITIONS, PARTITIONS};

const TICK: Duration = Duration::from_millis(20);

/// For one answer of the broker, which may be away.
const PATIENCE: Duration = Duration::from_secs(3);

/// After so many questions without an answer another client asks: one that has lost the group's coordinator while the broker
/// stopped was seen to find none again.
const GIVES_UP: usize = 5;

/// Watches from a thread of its own.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    thread: JoinHandle<Vec<Look>>,
}

struct Shared {
    ended: AtomicBool,
    looks: AtomicUsize,
    committed: Mutex<Vec<Option<usize>>>,
}

struct Watcher {
    brokers: String,
    asker: BaseConsumer,
    journal: PathBuf,
    start: Instant,
}

impl Watch {
    pub(crate) fn start(brokers: &str, journal: &Path, start: Instant) -> Result<Watch, Error> {
        let mut watcher = Watcher {
            brokers: brokers.to_owned(),
            asker: ask(brokers)?,
            journal: journal.to_owned(),
            start,
        };
        let shared = Arc::new(Shared {
            ended: AtomicBool::new(false),
            looks: AtomicUsize::new(0),
            committed: Mutex::new(vec![None; PARTITIONS]),
        });
        let told = Arc::clone(&shared);
        let thread = std::thread::spawn(move || watcher.watch(&told));
        Ok(Watch { shared, thread })
    }

    /// What was committed at the last look.
    pub(crate) fn committed(&self) -> Vec<Option<usize>> {
        let committed = self.shared.committed.lock();
        committed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often the broker has answered so far.
    pub(crate) fn looks(&self) -> usize {
        self.shared.looks.load(Ordering::Acquire)
    }

    /// Ends it after one more look.
    pub(crate) fn finish(self) -> Result<Vec<Look>, Error> {
        self.shared.ended.store(true, Ordering::Release);
        let seen = self.thread.join().map_err(|_| "the watcher panicked")?;
        Ok(seen)
    }
}

/// A client that asks. It is no member of the group, and never becomes one: it does not subscribe.
fn ask(brokers: &str) -> Result<BaseConsumer, KafkaError> {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", GROUP)
        .set("enable.auto.commit", "false")
        .set("isolation.level", "read_uncommitted")
        .set("reconnect.backoff.max.ms", "200")
        .create()
}

impl Watcher {
    fn watch(&mut self, shared: &Shared) -> Vec<Look> {
        let mut looks = Vec::new();
        let mut last = vec![None; PARTITIONS];
        let mut unanswered = 0;
        loop {
            let is_last = shared.ended.load(Ordering::Acquire);
            let seen = self.look(&last);
            // A broker that is away has nothing to say.
            unanswered = if seen.is_ok() { 0 } else { unanswered + 1 };
            if unanswered == GIVES_UP
                && let Ok(asker) = ask(&self.brokers)
            {
                self.asker = asker;
                unanswered = 0;
            }
            if let Ok(some) = seen {
                shared.looks.fetch_add(1, Ordering::AcqRel);
                for look in &some {
                    last[look.partition] = look.committed;
                }
                looks.extend(some);
                let committed = shared.committed.lock();
                committed
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone_from(&last);
            }
            if is_last {
                return looks;
            }
            std::thread::sleep(TICK);
        }
    }

    /// What has changed since the last look.
    fn look(&self, last: &[Option<usize>]) -> Result<Vec<Look>, KafkaError> {
        let mut list = TopicPartitionList::new();
        list.add_partition_range(INPUT, 0, PARTITIONS as i32 - 1);
        let answer = self.asker.committed_offsets(list, PATIENCE)?;
        let mut changed = Vec::new();
        for element in answer.elements() {
            element.error()?;
            let committed = match element.offset() {
                Offset::Offset(offset) => usize::try_from(offset).ok(),
                _ => None,
            };
            let partition = element.partition() as usize;
            if committed != last[partition] {
                changed.push((partition, committed));
            }
        }
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let at = self.start.elapsed();
        // Not there before the first record.
        let journal = std::fs::metadata(&self.journal).map_or(0, |file| file.len());
        let end = |partition| {
            let (_, end) = self
                .asker
                .fetch_watermarks(OUTPUT, partition as i32, PATIENCE)?;
            Ok(end as usize)
        };
        let output_ends: Vec<usize> = (0..OUTPUT_PARTITIONS)
            .map(end)
            .collect::<Result<_, KafkaError>>()?;
        let looks = changed.into_iter().map(|(partition, committed)| Look {
            at,
            partition,
            committed,
            journal,
            output_ends: output_ends.clone(),
        });
        Ok(looks.collect())
    }
}
