//! What a row of terms says about running its task; immutable, so that it is asked for once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mesg_api::registry::{Component, TermsResponse, VersionResponse};
use mesg_protocol::ids::TermsId;
use mesg_protocol::schema::Params;
use mesg_sandbox::{Limits, PROFILE};

use crate::abstain::Abstain;
use crate::market::MarketClient;

/// How a task is run.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name.
    pub name: String,
    /// Types of its input.
    pub inputs: Params,
    /// Where its component is.
    pub component: Component,
    /// Its limits.
    pub limits: Limits,
}

impl Task {
    /// From the registry's answers.
    ///
    /// # Errors
    /// [`Abstain::Profile`], [`Abstain::Incomplete`].
    pub fn new(terms: &TermsResponse, version: VersionResponse) -> Result<Self, Abstain> {
        let manifest = version.manifest;
        if manifest.profile != PROFILE {
            return Err(Abstain::Profile { got: manifest.profile });
        }
        let task = manifest.tasks.into_iter().nth(terms.task.into());
        let task = task.ok_or(Abstain::Incomplete { what: "task in its version" })?;
        Ok(Self {
            name: task.name,
            inputs: task.inputs,
            component: manifest.component,
            limits: Limits {
                max_fuel: terms.max_fuel.u64(),
                max_output_bytes: usize::try_from(terms.max_output).unwrap_or(usize::MAX),
                wall_clock: Duration::from_secs(terms.t_run.into()),
            },
        })
    }
}

/// Tasks by their terms.
#[derive(Default)]
pub struct Tasks {
    known: Mutex<HashMap<TermsId, Arc<Task>>>,
}

impl Tasks {
    /// The task of a row of terms, asked from the registry the first time.
    ///
    /// # Errors
    /// Those of [`Task::new`] and of the queries.
    pub async fn get(&self, market: &MarketClient, terms: TermsId) -> Result<Arc<Task>, Abstain> {
        if let Some(task) = self.known().get(&terms) {
            return Ok(Arc::clone(task));
        }
        let row = market.terms(terms).await?;
        let version = market.version(row.version).await?;
        let task = Arc::new(Task::new(&row, version)?);
        self.known().insert(terms, Arc::clone(&task));
        Ok(task)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<TermsId, Arc<Task>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
