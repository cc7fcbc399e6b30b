//! The one Kafka and the one Redis of a home folder, as `cargo xtask services up|down|status` keeps them for everybody.
//! Ones that the environment names are used instead, and never touched.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::service::Service;
use super::state::{State, folder};
use super::{Kafka, Redis, given, home, lock, port};
use crate::Error;
use crate::error::Doing;

/// The services of one home folder.
#[derive(Debug)]
pub struct Services {
    home: PathBuf,
}

/// One service as a client sees it; printed as `VARIABLE=address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The variable that clients read.
    pub variable: &'static str,
    /// Its value.
    pub address: String,
    /// Who started it.
    pub origin: Origin,
}

/// Who started a service, and so who may stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody else: the environment names it.
    Given,
    /// An earlier `up`.
    Running,
    /// This `up`.
    Started,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.variable, self.address)
    }
}

impl Services {
    /// The ones that everybody who works in this target directory shares.
    pub fn shared() -> Services {
        Services { home: home() }
    }

    /// Ones beside the shared ones, for a run that must begin with empty topics and disturb nobody.
    pub fn apart() -> Services {
        Services {
            home: home().join("apart"),
        }
    }

    /// Both services, ready when this returns. Those that run are left as they are; the others start with no data.
    ///
    /// # Errors
    /// When one cannot be started, or one that the environment names does not answer. What this call had started by then
    /// is stopped again.
    pub fn up(&self) -> Result<Vec<Endpoint>, Error> {
        let _lock = self.lock()?;
        let mut state = State::load(&self.home)?;
        let kafka = self.up_one::<Kafka>(&mut state)?;
        match self.up_one::<Redis>(&mut state) {
            Ok(redis) => Ok(vec![kafka, redis]),
            Err(error) => {
                if kafka.origin == Origin::Started {
                    self.down_one::<Kafka>(&mut state)?;
                }
                Err(error)
            }
        }
    }

    /// Stops what any `up` of this home has started, and tells which. What somebody else started is left alone.
    ///
    /// # Errors
    /// When a process cannot be signalled, or survives.
    pub fn down(&self) -> Result<Vec<String>, Error> {
        let _lock = self.lock()?;
        let mut state = State::load(&self.home)?;
        let stopped = [
            self.down_one::<Redis>(&mut state)?,
            self.down_one::<Kafka>(&mut state)?,
        ];
        Ok(stopped.into_iter().flatten().collect())
    }

    /// Stops only what the `up` that gave these endpoints has started.
    ///
    /// # Errors
    /// As for [`Services::down`].
    pub fn undo(&self, endpoints: &[Endpoint]) -> Result<(), Error> {
        let started = |variable| {
            endpoints
                .iter()
                .any(|one| one.variable == variable && one.origin == Origin::Started)
        };
        let _lock = self.lock()?;
        let mut state = State::load(&self.home)?;
        if started(Redis::VARIABLE) {
            self.down_one::<Redis>(&mut state)?;
        }
        if started(Kafka::VARIABLE) {
            self.down_one::<Kafka>(&mut state)?;
        }
        Ok(())
    }

    /// A line for each service: what runs, where, and as which process.
    ///
    /// # Errors
    /// When the record of what runs cannot be read.
    pub fn status(&self) -> Result<[String; 2], Error> {
        let state = State::load(&self.home)?;
        Ok([
            self.status_of::<Kafka>(&state),
            self.status_of::<Redis>(&state),
        ])
    }

    fn up_one<S: Service>(&self, state: &mut State) -> Result<Endpoint, Error> {
        let endpoint = |address, origin| Endpoint {
            variable: S::VARIABLE,
            address,
            origin,
        };
        if let Some(address) = given(S::VARIABLE) {
            S::answers(&address).doing(|| {
                format!(
                    "reach the {} that {}={address} names (unset it, and one is started here)",
                    S::NAME,
                    S::VARIABLE
                )
            })?;
            return Ok(endpoint(address, Origin::Given));
        }
        if let Some((mut service, _)) = state.running::<S>(&self.home) {
            service.start()?;
            return Ok(endpoint(service.address(), Origin::Running));
        }
        // An `up` that was itself killed may have left one that was never recorded as ready.
        let mut left: S = self.one(S::PORTS)?;
        left.stop()?;
        left.wipe()?;
        let ports = S::PORTS
            .iter()
            .map(|port| port::this_or_free(*port))
            .collect::<Result<Vec<_>, _>>()?;
        let mut service: S = self.one(&ports)?;
        eprintln!("starting {} at {}", S::NAME, service.address());
        service.start()?;
        state.insert::<S>(ports);
        state.save(&self.home)?;
        Ok(endpoint(service.address(), Origin::Started))
    }

    fn one<S: Service>(&self, ports: &[u16]) -> Result<S, Error> {
        S::at_ports(folder::<S>(&self.home), ports).ok_or_else(|| {
            Error::Failed(format!("{} does not take {} ports", S::NAME, ports.len()))
        })
    }

    fn down_one<S: Service>(&self, state: &mut State) -> Result<Option<String>, Error> {
        let Some(mut service) = state.started::<S>(&self.home) else {
            return Ok(None);
        };
        let stopped = service.pid().map(|pid| {
            format!(
                "stopped {} at {}, process {pid}",
                S::NAME,
                service.address()
            )
        });
        service.stop()?;
        state.remove::<S>();
        state.save(&self.home)?;
        Ok(stopped)
    }

    fn status_of<S: Service>(&self, state: &State) -> String {
        let name = S::NAME;
        if let Some(address) = given(S::VARIABLE) {
            return format!(
                "{name}: {address}, given by {}, {}",
                S::VARIABLE,
                told(S::answers(&address))
            );
        }
        match state.running::<S>(&self.home) {
            Some((service, pid)) => {
                let (address, folder) = (service.address(), service.dir().display());
                let answers = told(S::answers(&address));
                format!("{name}: runs at {address}, process {pid}, {answers}, in {folder}")
            }
            None => format!("{name}: does not run"),
        }
    }

    /// Held while something is started or stopped, so that two commands at once do not start two brokers.
    fn lock(&self) -> Result<File, Error> {
        lock(&self.home, "services.lock")
    }
}

fn told(answer: io::Result<()>) -> String {
    match answer {
        Ok(()) => "answers".into(),
        Err(error) => format!("does not answer ({error})"),
    }
}
