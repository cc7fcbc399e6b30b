//! The broker that may be stopped and killed: it goes, stays away and comes back on a thread of its own, so that other
//! faults keep their times meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use xtask::services::{Kafka, free_port, home};

use crate::Error;

/// A broker that nobody else uses.
pub(crate) struct Broker {
    kafka: Arc<Mutex<Kafka>>,
    address: String,
    away: Option<JoinHandle<Result<(), xtask::Error>>>,
}

impl Broker {
    /// Starts it, empty. Besides its own address it listens on `behind`, for clients that come by `door`.
    pub(crate) fn start(behind: u16, door: u16) -> Result<Broker, Error> {
        let mut kafka = Kafka::at(home().join("kafka-chaos"), free_port()?, free_port()?)
            .behind(behind, door)
            .kill_on_drop();
        // One that an earlier run may have left there.
        kafka.kill()?;
        kafka.wipe()?;
        kafka.start()?;
        Ok(Broker {
            address: kafka.bootstrap(),
            kafka: Arc::new(Mutex::new(kafka)),
            away: None,
        })
    }

    /// For clients that come by no proxy.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// It goes, in order or not, and comes back when that time is over and it has started. False if it is away already.
    pub(crate) fn leave(&mut self, killed: bool, away: Duration) -> bool {
        if self.away.is_some() {
            return false;
        }
        let kafka = Arc::clone(&self.kafka);
        self.away = Some(std::thread::spawn(move || {
            let mut kafka = kafka.lock().unwrap_or_else(PoisonError::into_inner);
            if killed {
                kafka.kill()?;
            } else {
                kafka.stop()?;
            }
            std::thread::sleep(away);
            kafka.start()
        }));
        true
    }

    /// Whether it is there.
    pub(crate) fn is_back(&mut self) -> Result<bool, Error> {
        if let Some(away) = self.away.take_if(|away| away.is_finished()) {
            away.join().map_err(|_| "the broker's thread panicked")??;
        }
        Ok(self.away.is_none())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // The thread has a hand on the broker, which ends with the last one.
        if let Some(away) = self.away.take()
            && let Ok(Err(error)) = away.join()
        {
            eprintln!("{error}");
        }
    }
}
