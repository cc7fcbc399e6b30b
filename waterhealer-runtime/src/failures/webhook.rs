//! Failures posted to an address, each as JSON. Any answer of the 200s means that it is kept.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url, redirect};
use tokio::runtime::{Builder, Runtime};

use super::{FailedCall, Persist};
use crate::error::BoxError;

/// How long an answer may take.
const AT_MOST: Duration = Duration::from_secs(10);

/// An address that takes failures.
pub(super) struct Webhook {
    url: Url,
    client: Client,
    runtime: Runtime,
}

impl Webhook {
    pub(super) fn open(url: &str) -> Result<Self, BoxError> {
        Ok(Webhook {
            url: url.parse()?,
            // What is posted is for that address alone.
            client: Client::builder()
                .timeout(AT_MOST)
                .redirect(redirect::Policy::none())
                .build()?,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }
}

impl Persist for Webhook {
    fn persist(&mut self, call: &FailedCall) -> Result<(), BoxError> {
        let request = self.client.post(self.url.clone());
        let request = request
            .header(CONTENT_TYPE, "application/json")
            .body(call.json().to_string());
        // The address may hold a secret.
        let answer = self.runtime.block_on(async { request.send().await });
        let answer = answer.map_err(reqwest::Error::without_url)?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("the webhook has answered {status}").into()),
        }
    }
}
