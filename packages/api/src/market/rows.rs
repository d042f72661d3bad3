//! Binary records of the market that others read raw. Keys and bytes are public API, frozen by tests.

use mesg_protocol::execution::Execution;
use mesg_protocol::ids::{ExecutionId, ParamsId};
use mesg_protocol::params::Params;

use crate::record_map::RecordMap;

/// Executions: "e/" execution.
pub const EXECUTIONS: RecordMap<ExecutionId, Execution> = RecordMap::new("e/");
/// Rows of parameters: "m/" number.
pub const PARAMS: RecordMap<ParamsId, Params> = RecordMap::new("m/");
