//! What `services up` has started, as it stands in `state.json`, and where on disk all of this is kept.
//! Whether it still runs is known to each service's own folder.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::service::Service;
use crate::Error;
use crate::error::Doing;

/// The services that were started, by name, with the ports that were chosen for each.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct State {
    ports: BTreeMap<String, Vec<u16>>,
}

impl State {
    /// What stands in the folder's file; nothing where there is none.
    pub(super) fn load(home: &Path) -> Result<State, Error> {
        let file = home.join("state.json");
        match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                Error::Failed(format!(
                    "{} cannot be understood ({error}): remove it",
                    file.display()
                ))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::default()),
            Err(source) => Err(Error::Io {
                doing: format!("read {}", file.display()),
                source,
            }),
        }
    }

    /// Writes the folder's file; whoever reads it meanwhile sees the old one or the new one.
    pub(super) fn save(&self, home: &Path) -> Result<(), Error> {
        let (file, part) = (home.join("state.json"), home.join("state.json.part"));
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Error::Failed(error.to_string()))?;
        fs::write(&part, text).doing(|| format!("write {}", part.display()))?;
        fs::rename(&part, &file).doing(|| format!("write {}", file.display()))
    }

    /// The service that was started from this folder, if it was, whether it still runs or not.
    pub(super) fn started<S: Service>(&self, home: &Path) -> Option<S> {
        S::at_ports(folder::<S>(home), self.ports.get(S::NAME)?)
    }

    /// The same if it still runs, with the number of its process.
    pub(super) fn running<S: Service>(&self, home: &Path) -> Option<(S, u32)> {
        let service: S = self.started(home)?;
        service.pid().map(|pid| (service, pid))
    }

    pub(super) fn insert<S: Service>(&mut self, ports: Vec<u16>) {
        self.ports.insert(S::NAME.into(), ports);
    }

    pub(super) fn remove<S: Service>(&mut self) {
        self.ports.remove(S::NAME);
    }
}

/// Where services keep their files: `services` in the workspace's target directory. Tests that start an instance of
/// their own take a folder in here.
pub fn home() -> PathBuf {
    target().join("services")
}

/// Where cargo, and we, may write what can be made again.
pub(crate) fn target() -> PathBuf {
    target_dir(env::var_os("CARGO_TARGET_DIR").map(PathBuf::from))
}

/// The folder of one service in a home.
pub(super) fn folder<S: Service>(home: &Path) -> PathBuf {
    home.join(S::NAME.to_lowercase())
}

/// The folder with the workspace's `Cargo.toml`.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// A relative setting is meant from the workspace's folder, where `cargo xtask` is run; tests run in their crate's.
fn target_dir(setting: Option<PathBuf>) -> PathBuf {
    workspace().join(setting.unwrap_or_else(|| "target".into()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::super::{Kafka, Redis};
    use super::*;

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = Folder::new("state");
        let home = folder.path();
        assert_eq!(
            State::load(home).expect("no file is no error"),
            State::default()
        );

        let mut state = State::default();
        state.insert::<Kafka>(vec![1, 2]);
        state.insert::<Redis>(vec![3]);
        state.save(home).expect("the folder is there");
        let loaded = State::load(home).expect("it was just saved");
        assert_eq!(loaded, state);
        assert_eq!(
            loaded.started::<Kafka>(home).map(|kafka| kafka.bootstrap()),
            Some("127.0.0.1:1".into())
        );
        assert_eq!(
            loaded.started::<Redis>(home).map(|redis| redis.url()),
            Some("redis://127.0.0.1:3".into())
        );
        assert!(
            loaded.running::<Kafka>(home).is_none(),
            "its folder records no process"
        );

        state.remove::<Redis>();
        state.save(home).expect("the folder is there");
        assert!(
            State::load(home)
                .expect("it was just saved")
                .started::<Redis>(home)
                .is_none()
        );
    }

    #[test]
    fn a_spoilt_file_is_told_with_its_name() {
        let folder = Folder::new("state-spoilt");
        fs::write(folder.path().join("state.json"), "{").expect("the folder is there");
        let error = State::load(folder.path())
            .expect_err("that is no JSON")
            .to_string();
        assert!(
            error.contains("state.json") && error.contains("remove it"),
            "{error}"
        );
    }

    #[test]
    fn the_target_directory_is_the_workspaces_unless_set() {
        assert!(workspace().join("Cargo.lock").is_file());
        assert_eq!(target_dir(None), workspace().join("target"));
        assert_eq!(
            target_dir(Some("elsewhere".into())),
            workspace().join("elsewhere")
        );
        assert_eq!(
            target_dir(Some("/elsewhere".into())),
            PathBuf::from("/elsewhere")
        );
    }
}
