//! Messages, one file each.

mod announce_price;
mod deprecate;
mod owner;
mod publish_version;
mod receive;
mod set_market;
mod set_status;
mod set_tags;
mod set_yanked;
mod withdraw_price;

pub(crate) use announce_price::announce_price;
pub(crate) use deprecate::deprecate;
pub(crate) use owner::{accept_owner, propose_owner, withdraw_owner};
pub(crate) use publish_version::{publish_version, published};
pub(crate) use receive::receive;
pub(crate) use set_market::set_market;
pub(crate) use set_status::set_status;
pub(crate) use set_tags::set_tags;
pub(crate) use set_yanked::set_yanked;
pub(crate) use withdraw_price::withdraw_price;
