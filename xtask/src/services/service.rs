//! What Kafka and Redis have in common for whoever keeps one of each. What they are stands in their own files.

use std::io;
use std::path::{Path, PathBuf};

use super::{Kafka, Redis, port, remove_folder};
use crate::Error;

/// A service that can be kept: started out of a folder, found by a variable.
pub(super) trait Service: Sized {
    /// As a person writes it.
    const NAME: &'static str;
    /// The environment variable that names a running one.
    const VARIABLE: &'static str;
    /// Tried first; others are taken where something else is there.
    const PORTS: &'static [u16];

    /// The one of this folder; none unless there are as many ports as [`Service::PORTS`] has.
    fn at_ports(dir: PathBuf, ports: &[u16]) -> Option<Self>;
    /// Whether one answers at the address.
    fn answers(address: &str) -> io::Result<()>;
    /// The variable's value for this one.
    fn address(&self) -> String;
    fn pid(&self) -> Option<u32>;
    fn dir(&self) -> &Path;
    fn start(&mut self) -> Result<(), Error>;
    fn stop(&mut self) -> Result<(), Error>;
    /// Removes its folder. It must not run.
    fn wipe(&self) -> Result<(), Error>;
}

impl Service for Kafka {
    const NAME: &'static str = "Kafka";
    const VARIABLE: &'static str = "KAFKA_BOOTSTRAP_SERVERS";
    const PORTS: &'static [u16] = &[29_092, 29_093];

    fn at_ports(dir: PathBuf, ports: &[u16]) -> Option<Kafka> {
        let &[clients, controller] = ports else {
            return None;
        };
        Some(Kafka::at(dir, clients, controller))
    }

    fn answers(address: &str) -> io::Result<()> {
        port::kafka_answers(address)
    }

    fn address(&self) -> String {
        self.bootstrap()
    }

    fn pid(&self) -> Option<u32> {
        self.pid()
    }

    fn dir(&self) -> &Path {
        self.dir()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.start()
    }

    fn stop(&mut self) -> Result<(), Error> {
        self.stop()
    }

    fn wipe(&self) -> Result<(), Error> {
        self.wipe()
    }
}

impl Service for Redis {
    const NAME: &'static str = "Redis";
    const VARIABLE: &'static str = "REDIS_URL";
    const PORTS: &'static [u16] = &[29_379];

    fn at_ports(dir: PathBuf, ports: &[u16]) -> Option<Redis> {
        let &[port] = ports else { return None };
        Some(Redis::at(dir, port))
    }

    fn answers(address: &str) -> io::Result<()> {
        port::redis_answers(address)
    }

    fn address(&self) -> String {
        self.url()
    }

    fn pid(&self) -> Option<u32> {
        self.pid()
    }

    fn dir(&self) -> &Path {
        self.dir()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.start()
    }

    fn stop(&mut self) -> Result<(), Error> {
        self.stop()
    }

    fn wipe(&self) -> Result<(), Error> {
        remove_folder(self.dir())
    }
}
