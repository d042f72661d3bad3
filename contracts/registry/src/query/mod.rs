//! Queries, one file each.

mod config;
mod page;
mod service;
mod services;
mod terms;
mod version;
mod versions;

pub(crate) use config::config;
pub(crate) use service::{service, service_by_sid};
pub(crate) use services::{services, services_by_owner};
pub(crate) use terms::terms;
pub(crate) use version::version;
pub(crate) use versions::versions;
