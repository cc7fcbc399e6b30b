//! Real services on loopback, for the tests and the measurements: what is up, and how a test finds it. Each service has
//! its own file; `shared.rs` has the pair of them that `cargo xtask services` keeps.

mod daemon;
mod kafka;
mod port;
mod redis;
mod service;
mod shared;
mod state;

pub use self::kafka::Kafka;
pub use self::port::free_port;
pub use self::redis::Redis;
pub use self::shared::{Endpoint, Origin, Services};
pub use self::state::home;
pub(crate) use self::state::{target, workspace};

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;
use std::{env, io};

use self::service::Service;
use self::state::State;
use crate::error::Doing;
use crate::{Error, interrupt};

/// Where tests find Kafka: `KAFKA_BOOTSTRAP_SERVERS`, else the broker that `cargo xtask services up` has started.
///
/// # Errors
/// When there is neither; the error says what to run.
pub fn kafka_bootstrap() -> Result<String, Error> {
    find::<Kafka>(given(Kafka::VARIABLE), &home())
}

/// Where tests find Redis: `REDIS_URL`, else the one that `cargo xtask services up` has started.
///
/// # Errors
/// When there is neither; the error says what to run.
pub fn redis_url() -> Result<String, Error> {
    find::<Redis>(given(Redis::VARIABLE), &home())
}

fn find<S: Service>(given: Option<String>, home: &Path) -> Result<String, Error> {
    if let Some(address) = given {
        return Ok(address);
    }
    match State::load(home)?.running::<S>(home) {
        Some((service, _)) => Ok(service.address()),
        None => Err(Error::Failed(format!(
            "no {} is running: start one with `cargo xtask services up`, or let `cargo xtask test` do it all",
            S::NAME
        ))),
    }
}

/// The variable's value; one that is set but empty counts as not set.
fn given(variable: &str) -> Option<String> {
    env::var(variable)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// Takes a lock between processes, which lasts as long as the file that is given back. Creates the folder.
fn lock(folder: &Path, name: &str) -> Result<File, Error> {
    fs::create_dir_all(folder).doing(|| format!("create {}", folder.display()))?;
    let path = folder.join(name);
    let file = File::create(&path).doing(|| format!("create {}", path.display()))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => {
                return Err(source).doing(|| format!("lock {}", path.display()));
            }
            Err(TryLockError::WouldBlock) => {
                interrupt::check()?;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

/// Removes a folder and what is in it; one that is not there is no error.
fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).doing(|| format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A folder for one test, removed at its end.
    pub(crate) struct Folder(PathBuf);

    impl Folder {
        pub(crate) fn new(name: &str) -> Folder {
            let path = env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            remove_folder(&path).expect("it is ours");
            fs::create_dir_all(&path).expect("the temporary folder can be written");
            Folder(path)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            remove_folder(&self.0).expect("it is ours");
        }
    }

    #[test]
    fn a_lock_is_held_by_one_at_a_time() {
        let folder = Folder::new("lock");
        let first = lock(folder.path(), "the.lock").expect("nobody holds it");
        let path = folder.path().to_path_buf();
        let second = std::thread::spawn(move || lock(&path, "the.lock").map(drop));
        std::thread::sleep(Duration::from_millis(200));
        assert!(!second.is_finished(), "two hold it");
        drop(first);
        second
            .join()
            .expect("it did not panic")
            .expect("it is free again");
    }

    #[test]
    fn what_is_given_goes_before_what_was_started() {
        let folder = Folder::new("given");
        assert_eq!(
            find::<Kafka>(Some("host:2".into()), folder.path()).expect("it is given"),
            "host:2"
        );
    }

    #[test]
    fn without_any_the_error_says_what_to_run() {
        let folder = Folder::new("none");
        let mut state = State::default();
        state.insert::<Kafka>(vec![1, 2]);
        state.save(folder.path()).expect("the folder is there");
        let error = find::<Kafka>(None, folder.path())
            .expect_err("that one does not run")
            .to_string();
        assert!(error.contains("no Kafka is running"), "{error}");
        assert!(
            error.contains("cargo xtask services up") && error.contains("cargo xtask test"),
            "{error}"
        );
    }
}
