//! Failures as objects of a store in the cloud: S3, Google Cloud Storage, Azure. Who may write there is said as their own
//! tools have it, in the environment: `AWS_…`, `GOOGLE_…`, `AZURE_…`.

use std::time::Duration;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, parse_url_opts};
use tokio::runtime::{Builder, Runtime};

use super::{FailedCall, Persist};
use crate::error::BoxError;

/// How long one object may take, with all its attempts.
const AT_MOST: Duration = Duration::from_secs(20);

/// A store with an object for each failure, below a prefix.
pub(super) struct Cloud {
    store: Box<dyn ObjectStore>,
    prefix: Path,
    runtime: Runtime,
}

impl Cloud {
    /// The store of `s3://bucket/prefix` and the like.
    pub(super) fn open(url: &str) -> Result<Self, BoxError> {
        let url = url.replacen("gcs://", "gs://", 1);
        let options = std::env::vars().map(|(name, value)| (name.to_lowercase(), value));
        let (store, prefix) = parse_url_opts(&url.parse()?, options)?;
        Cloud::over(store, prefix)
    }

    pub(super) fn over(store: Box<dyn ObjectStore>, prefix: Path) -> Result<Self, BoxError> {
        Ok(Cloud {
            store,
            prefix,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }
}

impl Persist for Cloud {
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError> {
        let path = self.prefix.clone().join(call.file_name());
        let put = self.store.put(&path, call.text().into());
        let put = async { tokio::time::timeout(AT_MOST, put).await };
        self.runtime.block_on(put)??;
        Ok(())
    }
}
