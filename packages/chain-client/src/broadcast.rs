//! The same bytes to every endpoint.

use std::sync::Arc;

use tendermint_rpc::endpoint::broadcast::tx_sync::Request;
use tokio::task::JoinSet;

use crate::{Chain, Error, Rejection, classify, endpoint::Endpoint, rejection::classify_rpc};

/// What is known after a broadcast.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broadcast {
    /// A node has it in its mempool.
    Accepted,
    /// The first endpoint refused it, and no other one has seen it.
    Refused(Rejection),
    /// It may or may not be in a mempool.
    Unknown,
}

impl Chain {
    /// Sends to the sticky endpoint; unless that one refuses, to all others too.
    pub(crate) async fn broadcast(&self, raw: &[u8]) -> Broadcast {
        let mut endpoints = self.ordered().into_iter().map(|(_, endpoint)| endpoint);
        let Some(first) = endpoints.next() else {
            return Broadcast::Unknown;
        };
        match offer(&first, raw).await {
            Ok(None | Some(Rejection::InCache)) => {
                send_detached(endpoints.collect(), raw);
                Broadcast::Accepted
            }
            Ok(Some(rejection)) => Broadcast::Refused(rejection),
            Err(error) => {
                tracing::debug!(endpoint = first.name(), %error, "broadcast");
                first.failed();
                offer_to_each(endpoints.collect(), raw).await
            }
        }
    }
}

/// The first endpoint may have taken it: a refusal elsewhere proves nothing any more.
async fn offer_to_each(endpoints: Vec<Arc<Endpoint>>, raw: &[u8]) -> Broadcast {
    let mut outcome = Broadcast::Unknown;
    for endpoint in endpoints {
        match offer(&endpoint, raw).await {
            Ok(None | Some(Rejection::InCache)) => outcome = Broadcast::Accepted,
            Ok(Some(rejection)) => {
                tracing::debug!(endpoint = endpoint.name(), %rejection, "broadcast");
            }
            Err(_) => endpoint.failed(),
        }
    }
    outcome
}

fn send_detached(endpoints: Vec<Arc<Endpoint>>, raw: &[u8]) {
    let mut tasks = JoinSet::new();
    for endpoint in endpoints {
        let raw = raw.to_vec();
        tasks.spawn(async move {
            if offer(&endpoint, &raw).await.is_err() {
                endpoint.failed();
            }
        });
    }
    tasks.detach_all();
}

/// None: taken. An error means that the outcome is not known.
pub(crate) async fn offer(endpoint: &Endpoint, raw: &[u8]) -> Result<Option<Rejection>, Error> {
    match endpoint.perform(Request::new(raw)).await {
        Ok(answer) => Ok(classify(&answer.codespace, answer.code.value(), &answer.log)),
        Err(Error::Rpc { endpoint, reason }) => match classify_rpc(&reason) {
            Some(rejection) => Ok(Some(rejection)),
            None => Err(Error::Rpc { endpoint, reason }),
        },
        Err(error) => Err(error),
    }
}
