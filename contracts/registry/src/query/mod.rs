//! Queries, one file each.

mod config;
mod page;
mod predict_version;
mod service;
mod services;
mod terms;
mod version;
mod versions;

use mesg_api::market::At;
use mesg_protocol::clock::Deadline;

pub(crate) use config::config;
pub(crate) use predict_version::predict_version;
pub(crate) use service::{service, service_by_sid};
pub(crate) use services::{services, services_by_owner, services_by_tag};
pub(crate) use terms::terms;
pub(crate) use version::version;
pub(crate) use versions::versions;

fn at(deadline: Deadline) -> At {
    At { time: deadline.time.into(), height: deadline.height.into() }
}
