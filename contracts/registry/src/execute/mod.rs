//! Messages, one file each.

mod publish_version;
mod receive;
mod set_status;

pub(crate) use publish_version::publish_version;
pub(crate) use receive::receive;
pub(crate) use set_status::set_status;
