//! Gas of a transaction before it is signed.

use cosmos_sdk_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};

use crate::{Chain, Error, classify};

pub(crate) const SIMULATE: &str = "/cosmos.tx.v1beta1.Service/Simulate";

impl Chain {
    /// Gas that the unsigned transaction would use at a height of at least `at_least`.
    ///
    /// Errors: [`Error::Rejected`] with what a node would say of the transaction.
    pub(crate) async fn simulate(&self, tx_bytes: Vec<u8>, at_least: u64) -> Result<u64, Error> {
        let request = SimulateRequest { tx_bytes, ..Default::default() };
        let answer = self.abci(SIMULATE, &request, at_least).await;
        let response: SimulateResponse = answer.map_err(rejected)?.value;
        let gas = response.gas_info.map(|info| info.gas_used);
        gas.ok_or_else(|| Error::Decode { what: "simulation", reason: "no gas".into() })
    }
}

fn rejected(error: Error) -> Error {
    let Error::Query { codespace, code, log, .. } = &error else {
        return error;
    };
    match classify(codespace, *code, log) {
        Some(rejection) => Error::Rejected { rejection, included: None },
        None => error,
    }
}
